"""What every ledger stands on: the log, how far the fold is, what it made of an event, and the answers of old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carnival.contracts.catalogue import API
from carnival.contracts.command import CommandAnswered
from carnival.contracts.envelope import Event, Metadata, Recorded
from carnival.contracts.ids import EventId, Position
from carnival.log.metadata import fresh_metadata
from carnival.log.port import Draft, EventLog, Expectation
from curation_api.application.ports import Judgements, Projection
from curation_api.application.preconditions import Preconditions
from curation_api.application.repeats import Repeats
from curation_api.domain.idempotency import Origin, check_same_command
from curation_api.domain.refusals import KeyReused, TooLarge

DECISIONS_MAX: Final = 10
HEADER_BYTES_MAX: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """`event_bytes_max` is what the log takes as one message."""

    log: EventLog
    projection: Projection
    judgements: Judgements
    repeats: Repeats
    preconditions: Preconditions
    verdict_wait_seconds: float
    event_bytes_max: int

    def draft(self, origin: Origin, event_id: EventId, event: Event) -> Draft:
        """`event` on its way into the log. Raises TooLarge."""
        size = len(event.model_dump_json())
        if size > self.event_bytes_max - HEADER_BYTES_MAX:
            raise TooLarge(f"The event would have {size} bytes; the log takes {self.event_bytes_max}", bytes=size)
        return Draft(event, self._metadata(origin, event_id))

    async def earlier(self, origin: Origin) -> Recorded[Event] | None:
        """What the same command, sent before, has written under its key's event id; None if that cannot be.

        Raises KeyReused if another command did, ProjectionBehind if nobody can know.
        """
        if not origin.keyed:
            return None
        position = await self.judgements.position_of(origin.event_id)
        if position is not None:
            return await self.recorded(origin, position)
        await self.repeats.check()
        return None

    async def precondition(self, origin: Origin) -> Expectation | None:
        """What an append must expect for the command's If-Match to hold. Raises ChangedSince, ProjectionBehind."""
        return None if origin.seen is None else await self.preconditions.check(origin.seen)

    async def answer(self, origin: Origin, answer: CommandAnswered) -> tuple[Recorded[Event], bool]:
        """Records the answer of a keyed command, unless it has one: that is what comes back then, and True."""
        draft = self.draft(origin, origin.event_id, answer)
        appended = await self.log.append(draft.event, draft.meta)
        return await self.recorded(origin, appended.position), appended.duplicate

    async def recorded(self, origin: Origin, position: Position) -> Recorded[Event]:
        """What `origin`'s command wrote there. Raises KeyReused if another command did."""
        entry = await self.log.at(position)
        if not isinstance(entry, Recorded):
            raise KeyReused("This Idempotency-Key was used for another command; choose a new one")
        check_same_command(origin, entry.meta)
        return entry

    async def projected(self, position: Position) -> bool:
        """Waits for the fold's verdict on the event there, `verdict_wait_seconds` at the most."""
        return await self.projection.reached(position, self.verdict_wait_seconds)

    def _metadata(self, origin: Origin, event_id: EventId) -> Metadata:
        fresh = fresh_metadata(source=API, event_id=event_id, actor=origin.actor)
        return fresh._replace(correlation_id=origin.command_id)
