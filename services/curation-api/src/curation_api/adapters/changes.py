"""A change as listeners get it: one log entry as a server-sent event, with what filters ask about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import Field

from carnival.contracts import subjects
from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.ids import Position, RunId
from curation_api.application.views.page import View


class ChangeData(View):
    """Data of the event `change`: an entry of the log that is new. What it says stands at its position."""

    position: int
    type: str | None = Field(
        description="The type of the event; null for an entry that cannot be read.", examples=["VoteCast"]
    )
    run_id: str | None = Field(description="The run it is about; null if it is about none.")


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
    data = ChangeData(position=entry.position, type=kind, run_id=run_id)
    return Change(entry.position, kind, run_id, change_text(data))


def change_text(data: ChangeData) -> str:
    """The server-sent event."""
    return f"id: {data.position}\nevent: change\ndata: {data.model_dump_json()}\n\n"
