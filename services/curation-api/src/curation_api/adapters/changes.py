"""A change as listeners get it: one log entry as a server-sent event, with what filters ask about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from carnival.contracts import subjects
from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.ids import Position, RunId


@dataclass(frozen=True, slots=True)
class Change:
    position: Position
    type: str | None
    run_id: str | None
    text: str


class Sent(NamedTuple):
    """Text for a listener, and how far it has come with it; without text there was nothing for it on the way."""

    position: Position
    data: bytes


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Changes of some runs and of some types; None is no restriction."""

    run_ids: frozenset[str] | None = None
    types: frozenset[str] | None = None

    def takes(self, change: Change) -> bool:
        of_run = self.run_ids is None or change.run_id in self.run_ids
        return of_run and (self.types is None or change.type in self.types)

    @property
    def subjects(self) -> Sequence[str]:
        """The subjects below which everything stands that may be taken."""
        if self.run_ids is None:
            return (subjects.EVERYTHING,)
        return [subjects.all_of_run(RunId(run_id)) for run_id in sorted(self.run_ids)]


def change_of(entry: LogEntry) -> Change:
    """The position as id, so that a listener resumes where it was; position, type and run as data."""
    kind = entry.event.wire_name if isinstance(entry, Recorded) else None
    run_id = getattr(entry.event, "run_id", None) if isinstance(entry, Recorded) else None
    data = json.dumps({"position": entry.position, "type": kind, "run_id": run_id}, separators=(",", ":"))
    return Change(entry.position, kind, run_id, f"id: {entry.position}\nevent: change\ndata: {data}\n\n")
