"""How much a pool may hold: WRK-3."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from unit.selector.build import NOON

from carnival.contracts.notices import NodePresence, NodeState
from selector.domain.capacity import Capacity, Load, offered_capacity


def node(name: str = "n1", **facts: Any) -> NodePresence:
    defaults: dict[str, Any] = {
        "gateway": "g1",
        "node": name,
        "pool": "default",
        "slots": 1,
        "state": NodeState.READY,
        "expires_at": NOON + timedelta(seconds=10),
    }
    return NodePresence.model_validate(defaults | facts)


@pytest.mark.parametrize(("slots", "ahead", "capacity"), [(1, 1, 2), (1, 0, 1), (3, 1, 6), (2, 3, 8)])
def test_wrk_3_slots_times_one_plus_jobs_ahead(slots: int, ahead: int, capacity: int) -> None:
    assert offered_capacity([node(slots=slots)], ahead, NOON).of("default") == capacity


def test_wrk_3_nodes_of_one_pool_add_up_and_pools_stay_apart() -> None:
    nodes = [node("n1"), node("n2", state=NodeState.BUSY), node("n3", pool="large", slots=4)]
    capacity = offered_capacity(nodes, 1, NOON)
    assert (capacity.of("default"), capacity.of("large")) == (4, 8)


def test_wrk_3_without_a_node_one_job_shows_the_demand() -> None:
    assert offered_capacity([], 1, NOON).of("default") == 1


@pytest.mark.parametrize(
    "facts",
    [{"state": NodeState.DRAINING}, {"state": NodeState.UNREACHABLE}, {"expires_at": NOON}, {"slots": 0}],
)
def test_wrk_3_only_nodes_that_are_there_and_take_work_offer_slots(facts: dict[str, Any]) -> None:
    assert offered_capacity([node(**facts)], 1, NOON).of("default") == 1


def test_a_pool_has_room_below_its_capacity_only() -> None:
    load = Load(Capacity({"default": 2}), {"default": 1, "large": 1})
    assert load.has_room("default")
    assert not load.has_room("large")
    assert load.has_room("unheard-of")
    assert not Load(Capacity({"default": 2}), {"default": 2}).has_any_room(["default"])
