"""What this replica appended and the read model may not show yet; the one place that appends."""

from __future__ import annotations

from typing import Final

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.catalogue import SELECTOR
from carnival.contracts.ids import Position, RunId
from carnival.contracts.job import JobCancelled, JobRequested
from carnival.contracts.run import StepPaused
from carnival.contracts.subjects import all_of_run
from carnival.log.errors import StalePosition
from carnival.log.metadata import fresh_metadata
from carnival.log.port import Appended, EventLog, Expectation
from selector.application.ports import Lease
from selector.domain.overlay import OwnEvent

NOTHING_READ: Final = Position(0)

OwnKind = JobRequested | JobCancelled | CandidateRejected | StepPaused


class LeaseLost(Exception):
    """Another replica may be choosing by now: stop."""


class Overtaken(Exception):
    """Something happened to the run since it was read. Read again once the read model holds `position`."""

    def __init__(self, position: Position) -> None:
        super().__init__(f"the run has moved to position {position}")
        self.position = position


class OwnEvents:
    """Appends for the selector and remembers what it appended."""

    def __init__(self, log: EventLog, lease: Lease) -> None:
        self._log = log
        self._lease = lease
        self._entries: list[OwnEvent] = []
        self._read_position = NOTHING_READ

    @property
    def entries(self) -> tuple[OwnEvent, ...]:
        """Own events behind the state that was read last, in log order."""
        return tuple(self._entries)

    @property
    def read_position(self) -> Position:
        """The position of the state read last, own events included."""
        return max(self._read_position, self._entries[-1].position) if self._entries else self._read_position

    def behind(self, read_position: Position) -> None:
        """A new state was read: what it holds is forgotten here."""
        self._read_position = read_position
        self._entries = [entry for entry in self._entries if entry.position > read_position]

    def holds(self, event: OwnKind) -> bool:
        """Whether this very event stands among the own ones already."""
        return any(entry.event == event for entry in self._entries)

    async def append(self, event: OwnKind, event_id: str) -> OwnEvent:
        """Append without expectation: the fold judges it where it stands. Raises LeaseLost and log errors."""
        return self._remember(event, await self._send(event, event_id, None))

    async def append_decided(self, event: OwnKind, event_id: str, run_position: Position) -> OwnEvent:
        """Append only if nothing happened to the run behind `run_position` (SEL-11, EVT-4).

        Raises Overtaken, LeaseLost and log errors. Overtaken also when an event of this id stands there already: it may
        be another replica's, decided otherwise.
        """
        try:
            appended = await self._send(event, event_id, run_position)
        except StalePosition:
            seen = await self._seen_position(event.run_id, run_position)
            try:
                appended = await self._send(event, event_id, seen)
            except StalePosition as stale:
                raise Overtaken(await self._last_position(event.run_id)) from stale
        if appended.duplicate:
            raise Overtaken(appended.position)
        return self._remember(event, appended)

    async def _send(self, event: OwnKind, event_id: str, run_position: Position | None) -> Appended:
        if not self._lease.held:
            raise LeaseLost("the lease ran out before an append")
        expected = None if run_position is None else Expectation(all_of_run(event.run_id), run_position)
        return await self._log.append(event, fresh_metadata(source=SELECTOR, event_id=event_id), expected=expected)

    async def _seen_position(self, run_id: RunId, run_position: Position) -> Position:
        """The run's last position if the state that was read contains it. Raises Overtaken if it does not.

        The read model does not move a run for an entry that nobody can read, but it has passed that entry.
        """
        last = await self._last_position(run_id)
        if not run_position < last <= self._read_position:
            raise Overtaken(last)
        return last

    async def _last_position(self, run_id: RunId) -> Position:
        entry = await self._log.last_of(all_of_run(run_id))
        return entry.position if entry else NOTHING_READ

    def _remember(self, event: OwnKind, appended: Appended) -> OwnEvent:
        entry = OwnEvent(event, event.run_id, appended.position)
        if entry.position > self._read_position:
            self._entries.append(entry)
        return entry
