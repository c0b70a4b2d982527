"""A history of many runs in which people vote most of the time: 5 % images, 5 % jobs asked for, 90 % votes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Final

from carnival.contracts.catalogue import WRITERS
from carnival.contracts.envelope import Event, Metadata
from carnival.contracts.ids import CandidateId, EventId, JobId, PipelineId, Position, RunId, VoteId, derived_id
from carnival.contracts.job import (
    Competitor,
    Decision,
    ImageProduced,
    JobRequested,
    ParentImage,
    SelectionMode,
    StoredImage,
)
from carnival.contracts.pipeline import PipelineDefined, StepDefinition
from carnival.contracts.run import RunStarted
from carnival.contracts.vote import Outcome, VoteCast
from carnival.log.port import Draft

STEPS: Final = 4
VOTES_PER_IMAGE: Final = 18
EVENTS_PER_VOTE: Final = (VOTES_PER_IMAGE + 2) / VOTES_PER_IMAGE
COMPETITORS: Final = 20
VOTERS: Final = 20
BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
EVENT_EVERY: Final = timedelta(seconds=1)
N: Final = 5


class VoteHistory:
    """Equal numbers and seeds give the equal history; other seeds have runs of their own.

    Each run is a tree of four steps. Votes fall on random pairs, so some come twice and are void.
    """

    def __init__(self, runs: int, seed: int = 1) -> None:
        self._random = Random(seed)
        self._seed = seed
        self.runs = [RunId(derived_id("run", seed, number)) for number in range(runs)]
        self._columns: dict[RunId, list[list[CandidateId]]] = {run: [[] for _ in range(STEPS)] for run in self.runs}
        self._numbers = dict.fromkeys(self.runs, 0)

    def drafts(self, count: int) -> Iterator[Draft]:
        """The first `count` events in log order, as their services would write them."""
        for number, event in enumerate(islice(self._events(), count)):
            identity = EventId(
                event.vote_id if isinstance(event, VoteCast) else derived_id("event", self._seed, number)
            )
            writer = min(WRITERS[type(event)])
            at = BEGINNING + number * EVENT_EVERY
            actor = event.voter if isinstance(event, VoteCast) else None
            yield Draft(
                event, Metadata(event_id=identity, source=writer, time=at, correlation_id=identity, actor=actor)
            )

    def _events(self) -> Iterator[Event]:
        steps = tuple(StepDefinition(order=n + 1, name=f"S{n}", slug=f"s{n}", template="{}") for n in range(STEPS))
        pipeline = PipelineId(derived_id("pipeline", self._seed))
        yield PipelineDefined(pipeline_id=pipeline, version=1, name="Bench", steps=steps)
        for run in self.runs:
            start = {"run_id": run, "pipeline_id": pipeline, "pipeline_version": 1, "name": run, "folder": run}
            yield RunStarted.model_validate({**start, "pipeline_position": 1, "n": N, "t": 10})
        while True:
            yield from self._image(self._random.choice(self.runs))
            for _ in range(VOTES_PER_IMAGE):
                vote = self._vote(self._random.choice(self.runs))
                if vote is not None:
                    yield vote

    def _image(self, run: RunId) -> Iterator[Event]:
        columns = self._columns[run]
        step = self._random.randrange(STEPS)
        while step and not columns[step - 1]:
            step -= 1
        parent = self._random.choice(columns[step - 1]) if step else None
        self._numbers[run] += 1
        number = self._numbers[run]
        job = JobId(derived_id("job", run, number))
        candidate = CandidateId(derived_id("candidate", job))
        yield JobRequested(
            run_id=run,
            job_id=job,
            number=number,
            step_order=step + 1,
            pool="default",
            parent=ParentImage(candidate_id=parent, place=f"{run}/{parent}.png", sha256="0" * 64) if parent else None,
            seed=number,
            random=1,
            moment_ms=1,
            decision=self._decision(columns[step - 1] if step else []),
        )
        yield ImageProduced(
            run_id=run,
            job_id=job,
            candidate_id=candidate,
            step_order=step + 1,
            parent_id=parent,
            pool="default",
            gateway="gateway",
            node="gpu-1",
            attempt=1,
            image=StoredImage(place=f"{run}/{candidate}.png", sha256="0" * 64, size_bytes=1, width=64, height=64),
            gpu_seconds=1.5,
        )
        columns[step].append(candidate)

    def _decision(self, parents: list[CandidateId]) -> Decision:
        competitors = tuple(Competitor(candidate_id=one, tickets=1000) for one in parents[-COMPETITORS:])
        mode = SelectionMode.CHILD_GENERATION if parents else SelectionMode.BASE_GENERATION
        return Decision(mode=mode, policy="round_robin", competitors=competitors, read_position=Position(1))

    def _vote(self, run: RunId) -> VoteCast | None:
        step = self._random.randrange(STEPS)
        column = self._columns[run][step]
        if len(column) < 2:
            return None
        left, right = self._random.sample(column, 2)
        return VoteCast(
            vote_id=VoteId(f"{self._random.getrandbits(128):032x}"),
            run_id=run,
            step_order=step + 1,
            voter=f"voter {self._random.randrange(VOTERS)}",
            left_id=left,
            right_id=right,
            outcome=self._random.choice(tuple(Outcome)),
            milliseconds=900,
        )
