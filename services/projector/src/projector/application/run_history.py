"""One run, folded from its own events only, as far as somebody wants to see.

What a run is at a position depends on its own events, on its pipeline, and on the rating system in force: three filters
on the log. The fold is the one of the live projection. What only the live projection can know (events that were parked,
votes whose id another run had taken) is told by `Verdicts`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from contextlib import aclosing
from itertools import chain
from typing import Final

from carnival.contracts import subjects
from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.ids import CandidateId, PipelineId, Position, RunId, VoteId
from carnival.contracts.past import Altered, RunAtAsked
from carnival.contracts.run import RunStarted
from carnival.contracts.vote import VoteRetracted
from carnival.log.port import EventLog
from projector.application.ports import Judged, Outcome, Verdicts
from projector.application.run_events import RunEvents, Told, told_by_log, told_by_rows
from projector.application.take_entry import take
from projector.domain import rating, votes
from projector.domain.altering import told
from projector.domain.fold import apply, apply_standing
from projector.domain.read_model import Changes, ReadModel
from projector.domain.rows import Job, Run, StandingVote, Vote

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
        self._ahead: deque[Told] = deque()
        self._read_to = BEGINNING
        self._model = ReadModel()
        self._told: dict[VoteId, StandingVote] = {}
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

    def take_apart(self) -> None:
        """It is not needed any more, nor are the rows it has handed out."""
        for run in self._model.runs.values():
            run.take_apart()

    def standing_votes(self, run: Run, after: Position) -> Iterator[Vote]:
        """Of the votes that count at `position` those cast behind `after`, in log order: adopted ones come first."""
        adopted = (vote for key, vote in self._model.votes.items() if key not in self._told)
        told = (self._row(run, vote) for vote in self._told.values() if vote.position > after)
        return (vote for vote in chain(adopted, told) if vote.counts and vote.position > after)

    def _row(self, run: Run, vote: StandingVote) -> Vote:
        known = run.guest_votes.get(vote.vote_id) or self._model.votes.get(vote.vote_id)
        return known or votes.row_of(run, vote)

    def _fold_to(self, position: Position, passed_over: Collection[Position]) -> None:
        outcome = Outcome(self.position, position, self._model.changes)
        while self._ahead and self._ahead[0].position <= position:
            entry = self._ahead.popleft()
            if isinstance(entry, StandingVote):
                self._told[entry.vote_id] = entry
                apply_standing(self._model, self._model.runs[self._run_id], entry)
            else:
                self._recall(entry)
                reason = "passed over" if entry.position in passed_over else None
                take(self._model, self._altered_entry(entry), outcome, apply, reason)
            self.position = entry.position
        self._forget()

    def _recall(self, entry: LogEntry) -> None:
        """A vote is only made a row of where it is to be taken back: most never are."""
        if isinstance(entry, Recorded) and isinstance(entry.event, VoteRetracted):
            run, vote = self._model.runs.get(self._run_id), self._told.get(entry.event.vote_id)
            if run is not None and vote is not None:
                votes.recall(self._model, run, vote)

    def _altered_entry(self, entry: LogEntry) -> LogEntry:
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
