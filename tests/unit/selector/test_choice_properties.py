"""What holds for every state: SEL-5, SEL-8, SEL-12, DEF-3, RAF-1."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from unit.selector.build import LIMITS, NOON, choose, parent, run, step

from carnival.contracts.run import Profile, RunPolicy
from selector.domain.choice import BaseGeneration, ChildGeneration
from selector.domain.frontier import ParentCandidate, RunFrontier

N_MAX = 4


@st.composite
def parents(draw: st.DrawFn, run_number: int) -> list[ParentCandidate]:
    count = draw(st.integers(0, 8))
    return [
        parent(
            f"r{run_number}c{number}",
            draw(st.integers(1, 4)),
            run_id=f"r{run_number}",
            position=run_number * 100 + number,
            rating=draw(st.integers(-100, 3000)),
            occupancy=draw(st.integers(0, N_MAX + 1)),
            failures=draw(st.integers(0, 4)),
            live=draw(st.booleans()),
        )
        for number in range(count)
    ]


@st.composite
def frontiers(draw: st.DrawFn, run_number: int = 1) -> RunFrontier:
    steps = [
        step(
            order,
            child_cap=draw(st.none() | st.integers(1, N_MAX)),
            paused=draw(st.sampled_from([False, False, False, True])),
            approved_k=draw(st.none() | st.integers(1, 4)),
            live=draw(st.integers(0, 3)),
            open_jobs=draw(st.integers(0, 3)),
        )
        for order in (1, 2, 3, 4)
    ]
    return run(
        *draw(parents(run_number)),
        steps=steps,
        run_id=f"r{run_number}",
        created_position=run_number,
        profile=draw(st.sampled_from(Profile)),
        n=draw(st.integers(1, N_MAX)),
        t=draw(st.integers(0, 6)),
        live_finals=draw(st.integers(0, 6)),
        open_live_jobs=draw(st.integers(0, 6)),
        paused=draw(st.sampled_from([False, False, False, True])),
    )


worlds = st.tuples(frontiers(1), frontiers(2), frontiers(3))
policies = st.sampled_from(RunPolicy)


@given(worlds, policies, st.randoms(use_true_random=False))
def test_a_chosen_parent_is_live_below_its_limit_and_not_failing(
    world: tuple[RunFrontier, ...], policy: RunPolicy, chance: Random
) -> None:
    choice = choose(*world, policy=policy, draw=chance.randrange)
    if isinstance(choice, ChildGeneration):
        winner, state = choice.raffle.winner, choice.run
        limit = state.n if choice.step.child_cap is None else choice.step.child_cap
        assert winner.live
        assert winner.occupancy < limit
        assert winner.failures < LIMITS.parent_failures_max
        assert not choice.step.paused
        assert not state.paused
        assert choice.step.order == winner.step_order + 1
        assert winner in choice.competitors


@given(worlds, policies)
def test_a_base_image_never_promises_more_than_t_finals(world: tuple[RunFrontier, ...], policy: RunPolicy) -> None:
    choice = choose(*world, policy=policy)
    if isinstance(choice, BaseGeneration) and choice.run.profile is Profile.AUTONOMOUS:
        assert choice.run.live_finals + choice.run.open_live_jobs + 1 <= choice.run.t


@given(worlds, policies, st.integers(0, 3), st.integers(0, 10_000))
def test_equal_states_and_equal_draws_give_the_equal_choice(
    world: tuple[RunFrontier, ...], policy: RunPolicy, last_served: int, number: int
) -> None:
    def once(runs: tuple[RunFrontier, ...]) -> object:
        return choose(*runs, policy=policy, last_served=last_served, draw=lambda total: number % total)

    chosen = once(world)
    assert chosen == once(world)
    assert type(chosen) is type(once(tuple(reversed(world))))


@given(frontiers(1))
def test_right_to_left_in_every_autonomous_run(state: RunFrontier) -> None:
    choice = choose(state)
    if isinstance(choice, ChildGeneration) and state.profile is Profile.AUTONOMOUS:
        further_right = [candidate for candidate in state.candidates if candidate.step_order > choice.step.order - 1]
        for candidate in further_right:
            following = state.step_after(candidate.step_order)
            assert (
                following is None
                or following.paused
                or not candidate.live
                or candidate.failures >= LIMITS.parent_failures_max
                or candidate.occupancy >= (state.n if following.child_cap is None else following.child_cap)
            )


@given(frontiers(1), st.integers(1, 10_000))
def test_time_alone_creates_no_work(state: RunFrontier, seconds: int) -> None:
    assert choose(state) == choose(state, now=NOON + timedelta(seconds=seconds))


@given(worlds, policies)
def test_the_order_in_which_competitors_are_read_does_not_matter(
    world: tuple[RunFrontier, ...], policy: RunPolicy
) -> None:
    turned = tuple(run_with(state, tuple(reversed(state.candidates))) for state in world)
    one, other = choose(*world, policy=policy), choose(*turned, policy=policy)
    if isinstance(one, ChildGeneration):
        assert isinstance(other, ChildGeneration)
        assert one.raffle == other.raffle
        assert one.competitors == other.competitors


def run_with(state: RunFrontier, candidates: tuple[ParentCandidate, ...]) -> RunFrontier:
    return replace(state, candidates=candidates)
