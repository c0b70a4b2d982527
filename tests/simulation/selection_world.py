"""A world in memory for the selector: every count is computed afresh from the tree, sharing nothing with the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.ids import CandidateId, JobId, Position, RunId
from carnival.contracts.job import JobCancelled, JobRequested
from carnival.contracts.run import Profile, StepPaused
from selector.domain.cancellation import OpenJob
from selector.domain.failing import FailingParent
from selector.domain.frontier import ParentCandidate, RunFrontier, RunStatus, StepFrontier
from selector.domain.overlay import OwnEvent

STEPS: Final = (1, 2, 4)
FINAL: Final = STEPS[-1]
NOWHERE: Final = Position(0)
CAPS: Final[dict[int, int | None]] = {1: None, 2: None, 4: 1}
Own = JobRequested | JobCancelled | CandidateRejected | StepPaused


@dataclass(eq=False)
class Image:
    name: CandidateId
    order: int
    parent: Image | None
    position: Position
    rating: int = 1000
    failures: int = 0
    rejected: bool = False
    children: list[Image] = field(default_factory=list["Image"])

    @property
    def live(self) -> bool:
        return not self.rejected and (self.parent is None or self.parent.live)


@dataclass(eq=False)
class Rendering:
    job_id: JobId
    order: int
    parent: Image | None
    submitted: bool = False


@dataclass(eq=False)
class World:
    """One run's truth. `position` is the last event of the run."""

    run_id: RunId
    profile: Profile
    n: int
    t: int
    created: Position
    clock: list[int]
    status: RunStatus = RunStatus.PENDING
    paused: bool = False
    approved: dict[int, int] = field(default_factory=dict[int, int])
    images: dict[CandidateId, Image] = field(default_factory=dict[CandidateId, Image])
    jobs: dict[JobId, Rendering] = field(default_factory=dict[JobId, Rendering])
    numbers: int = 0
    position: Position = NOWHERE
    served: Position = NOWHERE

    def moved(self) -> Position:
        self.clock[0] += 1
        self.position = Position(self.clock[0])
        return self.position

    def occupancy(self, image: Image) -> int:
        open_jobs = sum(job.parent is image for job in self.jobs.values())
        return sum(child.live for child in image.children) + open_jobs

    def limit(self, child_order: int) -> int:
        cap = CAPS[child_order]
        return self.n if cap is None else cap

    def live_finals(self) -> int:
        return sum(image.live and image.order == FINAL for image in self.images.values())

    def promised(self) -> int:
        promising = sum(job.parent is None or job.parent.live for job in self.jobs.values())
        return self.live_finals() + promising

    def could_grow(self, failures_max: int) -> list[Image]:
        return [
            image
            for image in self.images.values()
            if image.live
            and image.order != FINAL
            and image.failures < failures_max
            and self.occupancy(image) < self.limit(following(image.order))
        ]

    def approved_best(self, order: int) -> list[Image]:
        """A walk that throws out the worst until K are left."""
        best = [image for image in self.images.values() if image.order == order and image.live]
        while len(best) > self.approved.get(order, 0):
            worst = min(best, key=lambda image: (image.rating, -image.position))
            best.remove(worst)
        return best

    def request(self, event: JobRequested) -> None:
        parent = self.images[event.parent.candidate_id] if event.parent else None
        assert event.number == self.numbers + 1, "job numbers have no gaps and no doubles"
        self.numbers = event.number
        self.status = RunStatus.RUNNING if self.status is RunStatus.PENDING else self.status
        self.jobs[event.job_id] = Rendering(event.job_id, event.step_order, parent)
        self.served = self.moved()

    def complete(self, job: Rendering) -> None:
        del self.jobs[job.job_id]
        position = self.moved()
        image = Image(CandidateId(f"c{position}"), job.order, job.parent, position)
        self.images[image.name] = image
        if job.parent is not None:
            job.parent.children.append(image)

    def fail(self, job: Rendering, *, content: bool) -> None:
        del self.jobs[job.job_id]
        if content and job.parent is not None:
            job.parent.failures += 1
        self.moved()

    def apply(self, event: Own) -> OwnEvent:
        """An event of a selector that was appended."""
        match event:
            case JobRequested():
                self.request(event)
            case JobCancelled():
                self.jobs.pop(event.job_id, None)
                self.moved()
            case CandidateRejected():
                self.images[event.candidate_id].rejected = True
                self.moved()
            case StepPaused():
                raise AssertionError("no step pauses in this world")
        return OwnEvent(event, self.run_id, self.position)

    def frontier(self) -> RunFrontier:
        """What the read model would show now, all images included: a superset is allowed."""
        return RunFrontier(
            run_id=self.run_id,
            profile=self.profile,
            status=self.status,
            paused=self.paused,
            n=self.n,
            t=self.t,
            seed_start=0,
            last_job_number=self.numbers,
            open_jobs=len(self.jobs),
            open_live_jobs=self.promised() - self.live_finals(),
            live_finals=self.live_finals(),
            images=len(self.images),
            gpu_seconds=0.0,
            created_position=self.created,
            last_position=self.position,
            served_position=self.served,
            steps=tuple(self._step(order) for order in STEPS),
            candidates=tuple(self._candidate(image) for image in self.images.values()),
        )

    def open_jobs(self) -> list[OpenJob]:
        return [
            OpenJob(
                job_id=job.job_id,
                run_id=self.run_id,
                pool="default",
                submitted=job.submitted,
                parent_live=job.parent is None or job.parent.live,
                run_status=self.status,
                run_paused=self.paused,
                step_paused=False,
            )
            for job in self.jobs.values()
        ]

    def failing(self) -> list[FailingParent]:
        return [
            FailingParent(
                candidate_id=image.name, run_id=self.run_id, failures=image.failures, run_position=self.position
            )
            for image in self.images.values()
            if image.live
        ]

    def _step(self, order: int) -> StepFrontier:
        return StepFrontier(
            order=order,
            pool="default",
            child_cap=CAPS[order],
            approved_k=self.approved.get(order),
            live=sum(image.live and image.order == order for image in self.images.values()),
            open_jobs=sum(job.order == order for job in self.jobs.values()),
        )

    def _candidate(self, image: Image) -> ParentCandidate:
        return ParentCandidate(
            candidate_id=image.name,
            run_id=self.run_id,
            step_order=image.order,
            rating=image.rating,
            occupancy=self.occupancy(image),
            failures=image.failures,
            live=image.live,
            position=image.position,
            place=f"{image.name}.png",
            sha256="0" * 64,
        )


def following(order: int) -> int:
    return STEPS[STEPS.index(order) + 1]
