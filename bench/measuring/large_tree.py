"""The history of one run as large as a run may get: a tree of four steps, votes of several people, kills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.envelope import Event, Metadata
from carnival.contracts.ids import CandidateId, EventId, JobId, PipelineId, Position, RunId, VoteId, derived_id
from carnival.contracts.job import (
    Competitor,
    Decision,
    FailureClass,
    FailureCode,
    ImageProduced,
    JobFailed,
    JobRequested,
    JobSubmitted,
    ParentImage,
    SelectionMode,
    StoredImage,
)
from carnival.contracts.pipeline import PipelineDefined, StepDefinition
from carnival.contracts.run import RunStarted
from carnival.contracts.vote import Outcome, VoteCast
from carnival.log.port import Draft

PIPELINE: Final = PipelineId(derived_id("large pipeline"))
RUN: Final = RunId(derived_id("large run"))
VOTERS: Final = ("ada", "bob", "eve", "mia")
STEPS: Final = 4
CHILDREN_MAX: Final = 5
SECONDS_PER_JOB: Final = 15
COMPETITORS: Final = 200
SHA256: Final = "0" * 64
"""Of every image: they share their thumbnails."""
FAILS_EVERY: Final = 40
KILLS_EVERY: Final = 200


class LargeTree:
    """Equal sizes and seeds give the equal history. A job takes a quarter of a minute, so a day holds 5,760.

    Images have any parent, so that the columns are equally long and nearly all may have more children: the most that
    there can be to choose from. `as_selected` they are where the selector puts them: parents are filled from the right.
    """

    def __init__(
        self, candidates: int, votes: int, seed: int = 1, pool: str = "default", *, as_selected: bool = False
    ) -> None:
        self._random = Random(seed)
        self._candidates = candidates
        self._pool = pool
        self._votes_per_image = votes / candidates
        self._columns: list[list[CandidateId]] = [[] for _ in range(STEPS)]
        self._as_selected = as_selected
        self._children: Counter[CandidateId] = Counter()
        self._number = 0
        self._written = 0
        self._time = datetime.now(UTC) - timedelta(seconds=SECONDS_PER_JOB * candidates)

    def drafts(self) -> Iterator[Draft]:
        """The events in log order, each with the moment it happened."""
        for number, event in enumerate(self._events()):
            self._written = number + 1
            source = "bench"
            meta = Metadata(event_id=EventId(f"e{number}"), source=source, time=self._time, correlation_id="bench")
            yield Draft(event, meta)

    @property
    def last_job(self) -> int:
        return self._number

    @property
    def middle(self) -> int:
        """The log position in the middle of what was written."""
        return self._written // 2

    def newest(self, step: int) -> CandidateId:
        return self._columns[step - 1][-1]

    def oldest(self, step: int) -> CandidateId:
        return self._columns[step - 1][0]

    def _events(self) -> Iterator[Event]:
        steps = tuple(
            StepDefinition(order=n, name=f"Step {n}", slug=f"s{n}", template="{}") for n in range(1, STEPS + 1)
        )
        yield PipelineDefined(pipeline_id=PIPELINE, version=1, name="Large", steps=steps)
        yield RunStarted(
            run_id=RUN,
            pipeline_id=PIPELINE,
            pipeline_version=1,
            pipeline_position=Position(1),
            name="Large",
            prompt="a pier",
            folder="large",
            n=CHILDREN_MAX,
            t=self._candidates,
        )
        owed = 0.0
        for made in range(self._candidates):
            yield from self._image()
            owed += self._votes_per_image
            while owed >= 1:
                owed -= 1
                yield from self._vote()
            if made % KILLS_EVERY == KILLS_EVERY - 1:
                victim = self._random.choice(self._columns[STEPS - 1] or self._columns[0])
                yield CandidateRejected(run_id=RUN, candidate_id=victim)

    def _image(self) -> Iterator[Event]:
        step, parent = self._rightmost() if self._as_selected else self._anywhere()
        if self._number % FAILS_EVERY == FAILS_EVERY - 1:
            yield from self._job(step, parent, fails=True)
        yield from self._job(step, parent, fails=False)

    def _anywhere(self) -> tuple[int, CandidateId | None]:
        step = self._random.randrange(STEPS)
        while step and not self._columns[step - 1]:
            step -= 1
        return step, self._random.choice(self._columns[step - 1]) if step else None

    def _rightmost(self) -> tuple[int, CandidateId | None]:
        """Of each column at most the newest has room left, as it was begun when all others were full."""
        for step in range(STEPS - 1, 0, -1):
            newest = self._columns[step - 1][-CHILDREN_MAX:]
            parent = next((one for one in newest if self._children[one] < CHILDREN_MAX), None)
            if parent is not None:
                self._children[parent] += 1
                return step, parent
        return 0, None

    def _job(self, step: int, parent: CandidateId | None, *, fails: bool) -> Iterator[Event]:
        self._number += 1
        self._time += timedelta(seconds=SECONDS_PER_JOB / 2)
        number = self._number
        job = JobId(derived_id("job", RUN, number))
        place: dict[str, Any] = {"run_id": RUN, "job_id": job, "pool": self._pool}
        node: dict[str, Any] = {"gateway": "gateway", "node": f"gpu-{number % 4}", "attempt": 1}
        yield JobRequested(
            **place,
            number=number,
            step_order=step + 1,
            parent=ParentImage(candidate_id=parent, place=f"{parent}.png", sha256=SHA256) if parent else None,
            seed=number,
            random=1,
            moment_ms=1,
            decision=self._decision(step, parent),
        )
        yield JobSubmitted(**place, **node, prompt_id=job)
        self._time += timedelta(seconds=SECONDS_PER_JOB / 2)
        if fails:
            yield JobFailed(
                **place,
                **node,
                failure_class=FailureClass.CONTENT,
                code=FailureCode.EXECUTION_ERROR,
                message="out of paint",
            )
            return
        candidate = CandidateId(derived_id("candidate", job))
        size: dict[str, Any] = {"size_bytes": 1_000_000, "width": 1024, "height": 1024}
        yield ImageProduced(
            **place,
            **node,
            candidate_id=candidate,
            step_order=step + 1,
            parent_id=parent,
            image=StoredImage(place=f"large/{candidate}.png", sha256=SHA256, **size),
            gpu_seconds=SECONDS_PER_JOB / 2,
        )
        self._columns[step].append(candidate)

    def _decision(self, step: int, parent: CandidateId | None) -> Decision:
        """As large as a decision gets: the first 200 competitors are recorded."""
        ahead = self._columns[step - 1][-COMPETITORS:] if step else []
        return Decision(
            mode=SelectionMode.CHILD_GENERATION if parent else SelectionMode.BASE_GENERATION,
            policy="round_robin",
            competitors=tuple(Competitor(candidate_id=one, tickets=1000) for one in ahead),
            read_position=Position(1),
        )

    def _vote(self) -> Iterator[Event]:
        step = self._random.randrange(STEPS)
        column = self._columns[step]
        if len(column) < 2:
            return
        left, right = self._random.sample(column, 2)
        yield VoteCast(
            vote_id=VoteId(f"{self._random.getrandbits(128):032x}"),
            run_id=RUN,
            step_order=step + 1,
            voter=self._random.choice(VOTERS),
            left_id=left,
            right_id=right,
            outcome=self._random.choice(tuple(Outcome)),
            milliseconds=900,
        )
