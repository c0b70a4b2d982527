"""Tell the fold a story of events, and look at what it made of it."""

from __future__ import annotations

from typing import Self

from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import CandidateId, Position, RunId
from carnival.contracts.subjects import subject_of
from carnival.contracts.verdict import VoidReason
from carnival.testing import examples
from projector.domain import rating
from projector.domain.fold import apply
from projector.domain.read_model import ReadModel
from projector.domain.rows import Candidate, Column, Run


class Story:
    """Facts applied one after the other. `given` accepts no void fact, `when` answers the verdict."""

    def __init__(self, *events: Event) -> None:
        self.model = ReadModel()
        self.facts: list[Recorded[Event]] = []
        self.given(*events)

    def given(self, *events: Event) -> Self:
        for event in events:
            verdict = self.when(event)
            assert verdict is None, f"{event!r} is void: {verdict}"
        return self

    def when(self, event: Event) -> VoidReason | None:
        position = Position(len(self.facts) + 1)
        fact = Recorded(event, examples.meta(event_id=f"e{position}"), position, subject_of(event))
        self.facts.append(fact)
        verdict = apply(self.model, fact)
        rating.settle(self.model)
        return verdict

    def base(self, number: int) -> CandidateId:
        """A base image, made by job `number`."""
        self.given(examples.job_requested(number), examples.image_produced(number))
        return examples.candidate_of(f"j{number}")

    def child(self, number: int, parent: CandidateId, step_order: int = 2) -> CandidateId:
        """An image made from `parent` by job `number`."""
        self.given(
            examples.job_requested(number, parent, step_order=step_order),
            examples.image_produced(number, parent, step_order=step_order),
        )
        return examples.candidate_of(f"j{number}")

    @property
    def run(self) -> Run:
        return self.model.runs[examples.RUN]

    def candidate(self, candidate_id: CandidateId, run_id: RunId = examples.RUN) -> Candidate:
        return self.model.runs[run_id].candidates[candidate_id]

    def column(self, order: int) -> Column:
        return self.run.columns[order]


def started(**run: object) -> Story:
    """A story in which a run of the three-step example pipeline has begun."""
    return Story(examples.pipeline_defined(), examples.run_started(**run))
