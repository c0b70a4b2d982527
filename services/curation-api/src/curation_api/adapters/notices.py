"""Short-lived messages as listeners get them: server-sent events without an id, for they stand in no log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import Field

from carnival.contracts.ids import Position
from carnival.contracts.notices import JobProgress, NodePresence, NodeState
from curation_api.application.views.monitoring import JobProgressView
from curation_api.application.views.page import View


class NoticeKind(StrEnum):
    """What a stream of changes tells besides, to whom asks for it."""

    PROGRESS = "progress"
    FLEET = "fleet"
    PROJECTED = "projected"


class ProgressNotice(JobProgressView):
    """Data of the event `progress`: how far a job is that is being rendered."""

    run_id: str
    job_id: str


class FleetNotice(View):
    """Data of the event `fleet`: something about a server is other than before; the rest is on the fleet page."""

    gateway: str
    node: str
    state: NodeState | Literal["gone"] = Field(description="Its state now; `gone`: its gateway announces it no more.")


class ProjectedNotice(View):
    """Data of the event `projected`: the read model shows everything up to there."""

    position: int


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
    data = ProgressNotice(
        run_id=heard.run_id,
        job_id=heard.job_id,
        percent=heard.percent,
        step=heard.step,
        steps=heard.steps,
        node=heard.title,
    )
    return Notice(NoticeKind.PROGRESS, heard.job_id, heard.run_id, notice_text(NoticeKind.PROGRESS, data))


def fleet_notice(node: NodePresence, state: NodeState | Literal["gone"]) -> Notice:
    """Something about a server is other than before."""
    data = FleetNotice(gateway=node.gateway, node=node.node, state=state)
    return Notice(NoticeKind.FLEET, node.key, None, notice_text(NoticeKind.FLEET, data))


def projected_notice(position: Position) -> Notice:
    """The read model shows everything up to `position`."""
    data = ProjectedNotice(position=position)
    return Notice(NoticeKind.PROJECTED, "", None, notice_text(NoticeKind.PROJECTED, data))


def notice_text(kind: NoticeKind, data: View) -> str:
    """The server-sent event."""
    return f"event: {kind}\ndata: {data.model_dump_json()}\n\n"
