"""The events that a run depends on, in the order of the log, from where each is read quickest.

Most events of a run are votes, and the read model has each that stands as a row, which costs a fraction of a message
with its headers, and has been judged. So a run as it really was takes its votes from there, and of those without effect
no more than that they were there. A history that is told otherwise takes everything from the log: other votes may stand
in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final, Protocol, get_args

from carnival.contracts import subjects
from carnival.contracts.envelope import LogEntry, Undecodable
from carnival.contracts.ids import Position, RunId
from carnival.contracts.run import RunStarted
from carnival.contracts.vote import VoteCast
from carnival.log.port import EventLog
from projector.application.ports import Verdicts
from projector.domain.fold import RunEvent
from projector.domain.rows import StandingVote

READ_AT_ONCE: Final = 2_000
BESIDE_VOTES: Final = (RunStarted, *(event for event in get_args(RunEvent) if event is not VoteCast))


Told = LogEntry | StandingVote


class RunEvents(Protocol):
    """The events behind `after`, up to `until` at the most; what comes behind is not there yet."""

    def __call__(self, after: Position, until: Position) -> AsyncGenerator[Sequence[Told]]: ...


def told_by_log(log: EventLog, wanted: Sequence[str]) -> RunEvents:
    """Everything on the subjects `wanted`."""

    async def read(after: Position, until: Position) -> AsyncGenerator[Sequence[Told]]:
        async with aclosing(log.read(after, subjects=wanted, batch_max=READ_AT_ONCE)) as batches:
            async for batch in batches:
                if within := [entry for entry in batch if entry.position <= until]:
                    yield within
                if batch[-1].position >= until:
                    return

    return read


def told_by_rows(log: EventLog, verdicts: Verdicts, run_id: RunId, others: Sequence[str]) -> RunEvents:
    """Votes from the read model; the run's other events, and what is on the subjects `others`, from the log."""
    beside = [subjects.every_subject_of(event, run_id) for event in BESIDE_VOTES]
    from_log = told_by_log(log, [*beside, *others])

    async def read(after: Position, until: Position) -> AsyncGenerator[Sequence[Told]]:
        seen = after
        async with aclosing(from_log(after, until)) as batches:
            async for batch in batches:
                async for woven in _woven(batch, verdicts.votes(run_id, seen, batch[-1].position)):
                    yield woven
                seen = batch[-1].position
        async for votes in verdicts.votes(run_id, seen, until):
            yield votes

    return read


async def _woven(
    others: Sequence[Told], votes: AsyncGenerator[Sequence[StandingVote | Undecodable]]
) -> AsyncGenerator[Sequence[Told]]:
    """Both by position, in portions of votes."""
    waiting = deque(others)
    async for portion in votes:
        woven = list[Told]()
        for vote in portion:
            while waiting and waiting[0].position < vote.position:
                woven.append(waiting.popleft())
            woven.append(vote)
        yield woven
    if waiting:
        yield list(waiting)
