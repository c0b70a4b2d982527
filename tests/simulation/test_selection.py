"""Thousands of random steps: completions, failures, kills, votes, restores, pauses, two selectors on stale readings.

Checked at every job that is asked for, against counts computed afresh: N (SEL-5), T (DEF-3), right to left (SEL-8),
no base image while a parent waits (SEL-12), and whose turn it is (RUN-2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Final

import pytest
from simulation.selection_world import FINAL, NOWHERE, STEPS, World, following

from carnival.contracts.ids import Position, RunId
from carnival.contracts.job import JobRequested
from carnival.contracts.run import Profile, RunPolicy
from selector.domain.cancellation import cancellation
from selector.domain.choice import BaseGeneration, ChildGeneration, choose_next_job
from selector.domain.failing import rejection
from selector.domain.frontier import RunFrontier, RunStatus
from selector.domain.overlay import OwnEvent, overlaid
from selector.domain.request import job_request
from selector.domain.rules import Limits

NOON: Final = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
LIMITS: Final = Limits(parent_failures_max=3)
MOVES: Final = 3000
OPEN_JOBS_MAX: Final = 12
IMAGES_MAX: Final = 90


@dataclass
class Replica:
    """One selector: a reading that grows old, and its own events behind it."""

    policy: RunPolicy
    reading: Sequence[RunFrontier] = ()
    own: list[OwnEvent] = field(default_factory=list[OwnEvent])
    last_served: Position = NOWHERE

    def read(self, worlds: Sequence[World]) -> None:
        self.reading = [world.frontier() for world in worlds]
        self.own = []
        self.last_served = max(worlds, key=lambda world: world.served).created
        if not any(world.served for world in worlds):
            self.last_served = NOWHERE

    def choose(self, chance: Random) -> JobRequested | None:
        runs = [overlaid(run, self.own) for run in self.reading]
        choice = choose_next_job(runs, self.policy, LIMITS, chance.randrange, NOON, last_served=self.last_served)
        if isinstance(choice, ChildGeneration | BaseGeneration):
            return job_request(choice, self.policy, choice.run.last_position, chance.randrange, NOON)
        return None

    def expected(self, run_id: RunId) -> Position:
        return next(overlaid(run, self.own).last_position for run in self.reading if run.run_id == run_id)

    def note(self, entry: OwnEvent, world: World) -> None:
        self.own.append(entry)
        self.last_served = world.created


@dataclass
class Story:
    """The worlds, the replicas and what happens to them."""

    chance: Random
    worlds: Sequence[World]
    replicas: Sequence[Replica]
    requested: int = 0
    stale: int = 0

    def select(self) -> None:
        """A replica reads, or goes on with what it read before; then it chooses and appends on a condition."""
        replica = self.chance.choice(self.replicas)
        fresh = not replica.reading or self.chance.random() < 0.5
        if fresh:
            replica.read(self.worlds)
        event = replica.choose(self.chance)
        if event is None:
            return
        world = self.world(event.run_id)
        if world.position != replica.expected(event.run_id):
            self.stale += 1
            replica.read(self.worlds)
            return
        if sum(len(each.jobs) for each in self.worlds) >= OPEN_JOBS_MAX or len(world.images) >= IMAGES_MAX:
            return
        self.check(world, event)
        if fresh and replica.policy is RunPolicy.ROUND_ROBIN:
            self.check_turn(replica, event)
        replica.note(world.apply(event), world)
        self.requested += 1
        self.check_promise(world, event)

    def check(self, world: World, event: JobRequested) -> None:
        growing = world.could_grow(LIMITS.parent_failures_max)
        assert world.status in {RunStatus.PENDING, RunStatus.RUNNING}
        assert not world.paused
        if event.parent is not None:
            parent = world.images[event.parent.candidate_id]
            assert parent in growing, "SEL-1 to SEL-6"
            assert event.step_order == following(parent.order), "SEL-9"
            if world.profile is Profile.AUTONOMOUS:
                assert parent.order == max(image.order for image in growing), "SEL-8"
            else:
                assert parent in world.approved_best(parent.order), "GATE-3"
        elif world.profile is Profile.AUTONOMOUS:
            assert not growing, "SEL-12"
            assert event.step_order == STEPS[0]

    def check_promise(self, world: World, event: JobRequested) -> None:
        if event.parent is None and world.profile is Profile.AUTONOMOUS:
            assert world.promised() <= world.t, "DEF-3"
        if event.parent is None and world.profile is Profile.GATED:
            first = world.frontier().first_step
            assert first.live + first.open_jobs <= world.n, "GATE-1"
        if event.parent is not None:
            parent = world.images[event.parent.candidate_id]
            assert world.occupancy(parent) <= world.limit(event.step_order), "SEL-5"

    def check_turn(self, replica: Replica, event: JobRequested) -> None:
        """RUN-2: no run that was created between the one served last and this one has work of its own."""
        created = [run.created_position for run in replica.reading]
        start = created.index(replica.last_served) + 1 if replica.last_served else 0
        for run in [*replica.reading[start:], *replica.reading[:start]]:
            if run.run_id == event.run_id:
                return
            alone = choose_next_job([run], replica.policy, LIMITS, self.chance.randrange, NOON)
            assert not isinstance(alone, ChildGeneration | BaseGeneration), "RUN-2"
        raise AssertionError("the run served is none of those read")

    def world(self, run_id: RunId) -> World:
        return next(world for world in self.worlds if world.run_id == run_id)

    def render(self) -> None:
        world = self.chance.choice(self.worlds)
        if not world.jobs:
            return
        job = self.chance.choice(list(world.jobs.values()))
        fate = self.chance.random()
        if fate < 0.3 and not job.submitted:
            job.submitted = True
            world.moved()
        elif fate < 0.9:
            world.complete(job)
        else:
            world.fail(job, content=self.chance.random() < 0.7)

    def curate(self) -> None:
        world = self.chance.choice(self.worlds)
        if not world.images:
            return
        image = self.chance.choice(list(world.images.values()))
        match self.chance.randrange(5):
            case 0 | 1:
                image.rating += self.chance.choice((-40, 40))
            case 2:
                image.rejected = True
            case 3:
                image.rejected, image.failures = False, 0
            case _ if image.order != FINAL and world.profile is Profile.GATED:
                world.approved.setdefault(image.order, self.chance.randint(1, 3))
            case _:
                world.n = self.chance.randint(1, 3)
        world.moved()

    def steer(self) -> None:
        """A pause, its end, or a person kills every base image and the run begins anew."""
        world = self.chance.choice(self.worlds)
        if world.paused or self.chance.random() < 0.3:
            world.paused = not world.paused
        else:
            for image in world.images.values():
                image.rejected = image.rejected or image.parent is None
        world.moved()

    def keep_house(self) -> None:
        """Cancel what nobody wants, reject parents that fail, forget trees that nothing is left of."""
        for world in self.worlds:
            for event in filter(None, map(cancellation, world.open_jobs())):
                world.apply(event)
            for verdict in filter(None, (rejection(parent, LIMITS) for parent in world.failing())):
                if world.images[verdict.candidate_id].live:
                    world.apply(verdict)
            if not world.jobs and not any(image.live for image in world.images.values()):
                world.images.clear()
                world.approved.clear()
                world.moved()


def play(seed: int, policy: RunPolicy, replicas: int) -> Story:
    chance, clock = Random(seed), [10]
    profiles = (Profile.AUTONOMOUS, Profile.GATED, Profile.AUTONOMOUS)
    worlds = [
        World(RunId(f"r{number}"), profile, n=2, t=chance.randint(1, 6), created=Position(number), clock=clock)
        for number, profile in enumerate(profiles, 1)
    ]
    story = Story(chance, worlds, [Replica(policy) for _ in range(replicas)])
    moves: list[Callable[[], None]] = [story.select, story.render, story.curate, story.keep_house, story.steer]
    for move in chance.choices(moves, weights=(45, 35, 10, 6, 4), k=MOVES):
        move()
    return story


@pytest.mark.parametrize("policy", [*RunPolicy])
@pytest.mark.parametrize("seed", range(3))
def test_one_selector_keeps_every_promise(seed: int, policy: RunPolicy) -> None:
    story = play(seed, policy, replicas=1)
    assert story.requested > 150


@pytest.mark.parametrize("policy", [*RunPolicy])
@pytest.mark.parametrize("seed", range(100, 103))
def test_two_selectors_on_stale_readings_keep_every_promise(seed: int, policy: RunPolicy) -> None:
    """SEL-11: what was decided on an old reading is refused, so both together never exceed N or T."""
    story = play(seed, policy, replicas=2)
    assert story.requested > 100
    assert story.stale > 20
