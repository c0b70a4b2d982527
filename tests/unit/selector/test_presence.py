"""Announced nodes become capacity: WRK-3."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from unit.selector.build import NOON

from carnival.contracts.notices import NodePresence, NodeState
from selector.adapters.presence import AnnouncedPresence


class Room:
    """A presence with a clock to turn, and how often it said that something changed."""

    def __init__(self) -> None:
        self.now = NOON
        self.changes = 0
        self.presence = AnnouncedPresence(1, self.clock, self.changed)

    def clock(self) -> datetime:
        return self.now

    def changed(self) -> None:
        self.changes += 1

    def announce(
        self, node: str, slots: int = 1, state: NodeState = NodeState.READY, skew: timedelta = timedelta()
    ) -> None:
        seen = NodePresence(
            gateway="g1",
            node=node,
            pool="default",
            slots=slots,
            state=state,
            expires_at=self.now + skew + timedelta(seconds=10),
        )
        self.presence.announce(seen.key, seen.model_dump_json().encode())

    @property
    def capacity(self) -> int:
        return self.presence.capacity().of("default")


def test_each_node_adds_its_slots_and_a_refresh_changes_nothing() -> None:
    room = Room()
    room.announce("n1")
    room.announce("n2", slots=2)
    room.announce("n1")
    room.announce("n1", state=NodeState.BUSY)
    assert (room.capacity, room.changes) == (6, 2)


def test_a_node_that_leaves_or_falls_silent_takes_its_slots_along() -> None:
    room = Room()
    room.announce("n1", slots=3)
    room.presence.announce("g1.n1", b"")
    assert room.capacity == 1
    room.announce("n1", slots=3)
    room.now += timedelta(seconds=11)
    assert room.capacity == 1


def test_a_node_that_comes_back_is_a_change_though_its_old_entry_lingers() -> None:
    room = Room()
    room.announce("n1", slots=3)
    room.now += timedelta(seconds=11)
    room.announce("n1", slots=3)
    assert (room.capacity, room.changes) == (6, 2)


@pytest.mark.parametrize("skew", [timedelta(hours=-1), timedelta(days=400)])
def test_the_clock_of_a_gateway_may_be_wrong(skew: timedelta) -> None:
    room = Room()
    room.announce("n1", slots=3, skew=skew)
    assert room.capacity == 6
    room.now += timedelta(seconds=11)
    assert room.capacity == 1


def test_what_cannot_be_read_is_left_out() -> None:
    room = Room()
    room.announce("n1")
    room.presence.announce("g1.n2", b"{broken")
    room.presence.announce("g1.n1", b'{"slots": -4}')
    assert room.capacity == 2
