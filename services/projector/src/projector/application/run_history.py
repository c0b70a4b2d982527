"""One run, folded from its own events only, as far as somebody wants to see.

What a run is at a position depends on its own events, on its pipeline, and on the rating system in force: three filters
on the log. The fold is the one of the live projection. What only the live projection can know (events that were parked,
votes whose id another run had taken) is told by `Verdicts`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import aclosing
from typing import Final

from carnival.contracts import subjects
from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.ids import CandidateId, PipelineId, Position, RunId
from carnival.contracts.past import Altered, RunAtAsked
from carnival.contracts.run import RunStarted
from carnival.log.port import EventLog
from projector.application.ports import Judged, Outcome, Verdicts
from projector.application.run_events import RunEvents, told_by_log, told_by_rows
from projector.application.take_entry import take
from projector.domain import rating
from projector.domain.altering import told
from projector.domain.fold import apply
from projector.domain.read_model import Changes, ReadModel
from projector.domain.rows import Job, Run, Vote

READ_AHEAD: Final = 500
"""Entries kept behind the position, so that a look a little later needs no reading."""
STARTS_MAX: Final = 16
BEGINNING: Final = Position(0)
UNALTERED: Final = Altered()


async def history_of(log: EventLog, verdicts: Verdicts, asked: RunAtAsked) -> RunHistory:
    """The history that is asked for, nothing of it folded yet."""
    run_id, pipelines = asked.run_id, await _pipelines_named(log, asked.run_id)
    others = [subjects.ALL_OF_RATING, *map(subjects.all_of_pipeline, pipelines)]
    wanted = [subjects.all_of_run(run_id), *others]
    real = asked.altered == UNALTERED and not asked.without
    events = told_by_rows(log, verdicts, run_id, others) if real else told_by_log(log, wanted)
    return RunHistory(events, run_id, wanted, asked.altered, real=real)


class RunHistory:
    """Goes forward only. `position` is how far everything is folded."""

    def __init__(
        self, events: RunEvents, run_id: RunId, wanted: Sequence[str], altered: Altered, *, real: bool
    ) -> None:
        self._events = events
        self._real = real
        self._ahead: deque[LogEntry] = deque()
        self._read_to = BEGINNING
        self._model = ReadModel()
        self._run_id = run_id
        self._altered = altered
        self._plain = altered == UNALTERED
        self._without: frozenset[Position] = frozenset()
        self.touched: dict[CandidateId, Position] = {}
        """Where each candidate was last touched, or behind that."""
        self.subjects = tuple(wanted)
        self.position = BEGINNING

    @property
    def weight(self) -> int:
        """About how many candidates' worth of memory it takes."""
        run = self._model.runs.get(self._run_id)
        return len(self._ahead) + (run.weight + run.votes if run else 0)

    def tells(self, asked: RunAtAsked) -> bool:
        """Whether what is folded already is a part of what is asked for. Of the real history alone nothing can be
        left out: votes that did not stand in it are not told."""
        if self._real and asked.without:
            return False
        without = frozenset(position for position in asked.without if position <= self.position)
        return self.position <= asked.position and (self._altered, self._without) == (asked.altered, without)

    async def go_to(self, position: Position, judged: Judged, without: Collection[Position] = ()) -> None:
        """Fold up to `position`, which is `judged`; the entries passed over there, and those at `without`, have no
        effect.

        Cancelled, it stays where it has come to, and may go on from there.
        """
        self._without = frozenset(out for out in without if out <= position)
        passed_over = self._without | judged.passed_over
        self._fold_to(position, passed_over)
        if self._read_to >= position:
            self.position = max(self.position, position)
            return
        async with aclosing(self._events(self._read_to, judged.position)) as batches:
            async for batch in batches:
                self._ahead.extend(batch)
                self._read_to = batch[-1].position
                self._fold_to(position, passed_over)
                if self._read_to >= position and len(self._ahead) >= READ_AHEAD:
                    break
        self._read_to = max(self._read_to, position)
        self.position = max(self.position, position)

    def run(self) -> Run | None:
        """The run at `position`, its ratings settled; None if it had not begun."""
        rating.settle(self._model)
        self._note_touched()
        return self._model.runs.get(self._run_id)

    def standing_votes(self) -> Iterator[Vote]:
        """The votes that count at `position`, in log order."""
        return (vote for vote in self._model.votes.values() if vote.counts)

    def _fold_to(self, position: Position, passed_over: Collection[Position]) -> None:
        outcome = Outcome(self.position, position, self._model.changes)
        while self._ahead and self._ahead[0].position <= position:
            entry = self._ahead.popleft()
            reason = "passed over" if entry.position in passed_over else None
            take(self._model, self._told(entry), outcome, apply, reason)
            self.position = entry.position
        self._forget()

    def _told(self, entry: LogEntry) -> LogEntry:
        if self._plain or not isinstance(entry, Recorded):
            return entry
        return entry._replace(event=told(entry.event, self._altered))

    def _forget(self) -> None:
        """Births stay, because answers tell them; the long lists in them go, and the list of what is to be written."""
        self._note_touched()
        changes = self._model.changes
        for job in changes.jobs:
            _shorten(job)
        self._model.changes = Changes(unrated=changes.unrated)

    def _note_touched(self) -> None:
        for candidate in self._model.changes.candidates:
            self.touched[candidate.candidate_id] = self.position


async def _pipelines_named(log: EventLog, run_id: RunId) -> list[PipelineId]:
    """The pipelines that the starts of a run name: one, or more where the first start was void."""
    found: dict[PipelineId, None] = {}
    after, subject = BEGINNING, subjects.one_of_run(run_id, RunStarted)
    for _ in range(STARTS_MAX):
        entry = await log.next_of(subject, after)
        if entry is None:
            break
        if isinstance(entry, Recorded) and isinstance(entry.event, RunStarted):
            found[entry.event.pipeline_id] = None
        after = entry.position
    return list(found)


def _shorten(job: Job) -> None:
    """Without the competitors of its raffle, which may be hundreds."""
    if job.requested is not None and job.requested.event.decision.competitors:
        event = job.requested.event
        decision = event.decision.model_copy(update={"competitors": ()})
        job.requested = job.requested._replace(event=event.model_copy(update={"decision": decision}))
