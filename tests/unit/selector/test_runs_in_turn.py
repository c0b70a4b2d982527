"""Several runs: RUN-1 to RUN-5, RUN-7, RUN-8, SEL-7."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from unit.selector.build import NOON, choose, chosen_parent, competitors, drawing, parent, run, step

from carnival.contracts.run import Ceilings, Raffle, RaffleWeights, RunPolicy
from selector.domain.choice import BaseGeneration, ChildGeneration, Choice
from selector.domain.frontier import RunFrontier, RunStatus
from selector.domain.work import NoWork, Obstacle


def numbered(number: int, **facts: Any) -> RunFrontier:
    """Run number `number` in creation order, in deficit."""
    return run(run_id=f"r{number}", created_position=number * 10, **facts)


def served(choice: Choice) -> str:
    assert isinstance(choice, BaseGeneration | ChildGeneration), choice
    return choice.run.run_id


def test_run_1_a_pending_run_is_worked_on() -> None:
    assert isinstance(choose(run(status=RunStatus.PENDING)), BaseGeneration)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"status": RunStatus.COMPLETED}, Obstacle.RUN_COMPLETED),
        ({"status": RunStatus.FAILED}, Obstacle.RUN_FAILED),
        ({"paused": True}, Obstacle.RUN_PAUSED),
        ({"unsettled": True}, Obstacle.UNSETTLED),
    ],
)
def test_sel_7_run_5_run_8_only_active_runs_take_part(facts: dict[str, Any], reason: Obstacle) -> None:
    assert choose(run(parent("a1"), **facts)) == NoWork(reason)


@pytest.mark.parametrize(("last", "expected"), [(0, "r1"), (10, "r2"), (20, "r3"), (30, "r1"), (15, "r2"), (99, "r1")])
def test_run_2_the_turn_goes_on_behind_the_run_served_last_and_wraps(last: int, expected: str) -> None:
    assert served(choose(numbered(3), numbered(1), numbered(2), last_served=last)) == expected


def test_run_2_a_run_without_work_is_skipped() -> None:
    assert served(choose(numbered(1), numbered(2, live_finals=3), numbered(3), last_served=10)) == "r3"


def test_run_2_the_turn_matters_more_than_the_column() -> None:
    far = run(parent("b1", 2, run_id="r2"), run_id="r2", created_position=20)
    assert served(choose(numbered(1), far)) == "r1"


def test_run_3_global_serves_the_highest_order_of_all_runs() -> None:
    near = run(parent("a1", 1, rating=3000))
    far = run(parent("b2", 2, run_id="r2"), run_id="r2", created_position=20)
    assert chosen_parent(near, far, policy=RunPolicy.GLOBAL) == "b2"


def test_run_3_global_holds_one_raffle_over_all_runs() -> None:
    one = run(parent("a1"))
    two = run(parent("a2", run_id="r2"), run_id="r2", created_position=20)
    assert competitors(two, one, policy=RunPolicy.GLOBAL) == {"a1", "a2"}
    choice = choose(two, one, policy=RunPolicy.GLOBAL, draw=drawing(1000))
    assert served(choice) == "r2"


def test_run_3_global_makes_base_images_only_when_no_run_has_a_parent() -> None:
    needy = numbered(1)
    growing = run(parent("a1", run_id="r2"), run_id="r2", created_position=20)
    assert isinstance(choose(needy, growing, policy=RunPolicy.GLOBAL), ChildGeneration)
    assert isinstance(choose(needy, policy=RunPolicy.GLOBAL), BaseGeneration)


def test_run_3_a_pool_takes_one_turn_among_runs_that_take_theirs() -> None:
    """The pool is of r2 and r4; its raffle is won by a parent of r4, which stands behind r3."""
    pooled = [
        numbered(2, policy=RunPolicy.GLOBAL),
        run(parent("a1", 2, run_id="r4"), run_id="r4", created_position=40, policy=RunPolicy.GLOBAL),
    ]
    runs = [numbered(1), *pooled, numbered(3)]
    order, last = list[str](), 0
    for _ in range(6):
        order.append(served(choose(*runs, last_served=last)))
        last = int(order[-1][1:]) * 10
    assert order == ["r1", "r4", "r3"] * 2


def test_run_3_a_run_of_its_own_policy_stays_out_of_the_selectors_pool() -> None:
    own = run(parent("a1"), policy=RunPolicy.ROUND_ROBIN)
    far = run(parent("b2", 2, run_id="r2"), run_id="r2", created_position=20)
    assert chosen_parent(own, far, policy=RunPolicy.GLOBAL) == "a1"
    assert chosen_parent(own, far, policy=RunPolicy.GLOBAL, last_served=2) == "b2"


def test_raf_1_holds_between_runs_whatever_raffle_each_has() -> None:
    cold = Raffle(weights=RaffleWeights.BOLTZMANN, temperature=1)
    facts: dict[str, Any] = {"policy": RunPolicy.GLOBAL, "raffle": cold}
    one, two = run(parent("a1"), **facts), run(parent("a2", run_id="r2", rating=900), run_id="r2", **facts)
    found = [choose(*runs, draw=drawing(5)) for runs in ([one], [one, two])]
    assert [each.raffle.tickets_total for each in found if isinstance(each, ChildGeneration)] == [1_000_000, 1900]


def test_run_4_the_base_image_is_for_the_run_in_deficit() -> None:
    assert served(choose(numbered(1, live_finals=0), numbered(2, live_finals=3), last_served=10)) == "r1"


@pytest.mark.parametrize(
    ("ceilings", "facts", "reason"),
    [
        (Ceilings(images=10), {"images": 10}, Obstacle.IMAGES_REACHED),
        (Ceilings(images=10), {"images": 8, "open_jobs": 2}, Obstacle.IMAGES_REACHED),
        (Ceilings(gpu_seconds=60), {"gpu_seconds": 60.0}, Obstacle.GPU_SECONDS_REACHED),
        (Ceilings(deadline=NOON), {}, Obstacle.DEADLINE_PASSED),
    ],
)
def test_run_7_a_ceiling_stops_new_jobs(ceilings: Ceilings, facts: dict[str, Any], reason: Obstacle) -> None:
    assert choose(run(parent("a1"), ceilings=ceilings, **facts)) == NoWork(reason)


def test_run_7_below_its_ceilings_a_run_goes_on() -> None:
    ceilings = Ceilings(images=10, gpu_seconds=60, deadline=NOON + timedelta(seconds=1))
    assert chosen_parent(run(parent("a1"), ceilings=ceilings, images=7, open_jobs=2, gpu_seconds=59.9)) == "a1"


def test_a_full_pool_leaves_the_free_ones_to_the_columns_further_left() -> None:
    steps = [step(1), step(2, pool="small"), step(3, pool="large")]
    waiting = run(parent("a1", 1), parent("b2", 2), steps=steps)
    assert chosen_parent(waiting, has_room="small".__eq__) == "a1"
    assert chosen_parent(waiting) == "b2"


def test_a_parent_waiting_for_a_full_pool_keeps_base_images_away() -> None:
    """SEL-12: else a slow pool would be flooded with trees that nobody can finish."""
    steps = [step(1, pool="small"), step(2, pool="large")]
    assert choose(run(parent("a1"), steps=steps), has_room=lambda pool: pool == "small") == NoWork(Obstacle.POOL_FULL)
    assert choose(run(steps=steps), has_room=lambda pool: pool == "large") == NoWork(Obstacle.POOL_FULL)


def test_a_run_whose_pool_is_full_is_skipped_in_its_turn() -> None:
    here = numbered(1, steps=[step(1, pool="full")])
    assert served(choose(here, numbered(2), has_room=lambda pool: pool != "full")) == "r2"
