"""Short-lived messages as listeners get them: server-sent events without an id, for they stand in no log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from carnival.contracts.ids import Position
from carnival.contracts.notices import JobProgress, NodePresence


class NoticeKind(StrEnum):
    """What a stream of changes tells besides, to whom asks for it."""

    PROGRESS = "progress"
    FLEET = "fleet"
    PROJECTED = "projected"


@dataclass(frozen=True, slots=True)
class Notice:
    """A newer one `about` the same takes its place. `run_id` is None where it concerns no run of its own."""

    kind: NoticeKind
    about: str
    run_id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """Notices of some kinds, and of some runs; None is no restriction."""

    kinds: frozenset[NoticeKind]
    run_ids: frozenset[str] | None = None

    def takes(self, notice: Notice) -> bool:
        of_run = self.run_ids is None or notice.run_id is None or notice.run_id in self.run_ids
        return of_run and notice.kind in self.kinds


def progress_notice(heard: JobProgress) -> Notice:
    """How far a job is; members as those of a job's `progress`."""
    data = {
        "run_id": heard.run_id,
        "job_id": heard.job_id,
        "percent": heard.percent,
        "step": heard.step,
        "steps": heard.steps,
        "node": heard.title,
    }
    return _notice(NoticeKind.PROGRESS, heard.job_id, heard.run_id, data)


def fleet_notice(node: NodePresence, state: str) -> Notice:
    """Something about a server is other than before; the rest is on the fleet page."""
    return _notice(NoticeKind.FLEET, node.key, None, {"gateway": node.gateway, "node": node.node, "state": state})


def projected_notice(position: Position) -> Notice:
    """The read model shows everything up to `position`."""
    return _notice(NoticeKind.PROJECTED, "", None, {"position": position})


def _notice(kind: NoticeKind, about: str, run_id: str | None, data: Mapping[str, object]) -> Notice:
    text = f"event: {kind}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"
    return Notice(kind, about, run_id, text)
