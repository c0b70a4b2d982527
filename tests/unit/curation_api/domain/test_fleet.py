"""Drains, and steps that nobody present can do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.capabilities import Capabilities
from carnival.contracts.drain import DrainRequested, Drains, DrainWithdrawn
from carnival.contracts.envelope import Recorded
from carnival.contracts.fleet import PresentNode
from carnival.contracts.ids import PipelineId, Position, RunId
from carnival.contracts.notices import NodePresence, NodeState
from carnival.contracts.subjects import subject_of
from carnival.testing import examples
from curation_api.domain.fleet import ActiveRun, Place, blocked_steps, request_drain, withdraw_drain
from curation_api.domain.fleet_refusals import GatewayDrained, GatewayUnknown, NodeUnknown

PRESENT = [
    NodePresence(
        gateway=gateway,
        node=node,
        pool="default",
        slots=1,
        state=NodeState.READY,
        expires_at=examples.NOON + timedelta(seconds=10),
    )
    for gateway, node in (("g1", "n1"), ("g1", "n2"), ("g2", "n1"))
]
G1, N1, N2 = Place(gateway="g1", node=None), Place(gateway="g1", node="n1"), Place(gateway="g1", node="n2")


def folded(*events: DrainRequested | DrainWithdrawn | None) -> Drains:
    drains = Drains()
    for position, event in enumerate(events, 1):
        if event is not None:
            drains.apply(Recorded(event, examples.meta(), Position(position), subject_of(event)))
    return drains


def drained(*places: Place) -> Drains:
    return folded(*(DrainRequested(gateway=place.gateway, node=place.node, reason="why") for place in places))


def test_a_server_is_drained_once() -> None:
    assert request_drain(N1, "why", Drains(), PRESENT) == DrainRequested(gateway="g1", node="n1", reason="why")
    assert request_drain(N1, "another reason", drained(N1), PRESENT) is None
    assert request_drain(N1, "also then", drained(G1), PRESENT) is not None


def test_a_drain_ends_once_and_that_of_a_gateway_with_all_within() -> None:
    assert withdraw_drain(N1, drained(N1), PRESENT) == DrainWithdrawn(gateway="g1", node="n1")
    assert withdraw_drain(N1, drained(N2), PRESENT) is None
    assert withdraw_drain(G1, drained(N2), PRESENT) == DrainWithdrawn(gateway="g1", node=None)
    with pytest.raises(GatewayDrained):
        withdraw_drain(N1, drained(G1), PRESENT)


def test_names_that_nobody_announces_are_refused_unless_they_are_drained() -> None:
    with pytest.raises(GatewayUnknown):
        request_drain(Place(gateway="g3", node=None), "", Drains(), PRESENT)
    with pytest.raises(NodeUnknown, match="it has n1, n2"):
        request_drain(Place(gateway="g1", node="n3"), "", Drains(), PRESENT)
    with pytest.raises(GatewayUnknown):
        withdraw_drain(N1, Drains(), [])
    assert withdraw_drain(N1, drained(N1), []) is not None


PLACES = st.builds(Place, gateway=st.sampled_from(["g1", "g2"]), node=st.sampled_from([None, "n1", "n2"]))


@given(st.lists(st.tuples(st.booleans(), PLACES), max_size=30))
def test_after_an_undrain_nothing_within_is_drained_whatever_came_before(history: list[tuple[bool, Place]]) -> None:
    drains = Drains()
    for position, (begins, place) in enumerate(history, 1):
        kind = DrainRequested if begins else DrainWithdrawn
        event = kind(gateway=place.gateway, node=place.node)
        drains.apply(Recorded(event, examples.meta(), Position(position), subject_of(event)))
        nodes = [place.node] if place.node else ["n1", "n2"]
        if begins:
            assert all(drains.of(place.gateway, node) for node in nodes)
        elif place.node is None:
            assert not any(drains.of(place.gateway, node) for node in nodes)
        else:
            assert (place.gateway, place.node) not in drains.in_force
    assert drains.position == len(history)


def test_a_drain_says_who_wants_it_and_why() -> None:
    [drain] = drained(N1).in_force.values()
    assert drain.words.endswith("drains the server: why")
    [drain] = folded(DrainRequested(gateway="g1")).in_force.values()
    assert drain.words.endswith("drains the gateway")


def test_steps_of_active_runs_that_nobody_can_do_are_named() -> None:
    run = ActiveRun(
        run_id=RunId("r1"), name="Gym", pipeline_id=PipelineId("p1"), pipeline_version=1, variables={"model": "gone.pt"}
    )
    loading = '{"load": {"class_type": "Load", "inputs": {"ckpt_name": "{{model}}"}}}'
    steps = {run.pipeline: (examples.step(1, template=loading), examples.step(2, template=loading, pool="big"))}
    able = Capabilities(classes={"Load": {"ckpt_name": 0}}, shelves=(("a.pt",),))
    found = list(blocked_steps([run], steps, [PresentNode(PRESENT[0], able)]))
    assert [(blocked.step.order, blocked.step.readiness) for blocked in found] == [(1, "missing"), (2, "no_server")]
    assert found[0].step.lacks[0].file == "gone.pt"
    has_it = Capabilities(classes={"Load": {"ckpt_name": 0}}, shelves=(("gone.pt",),))
    assert [blocked.step.order for blocked in blocked_steps([run], steps, [PresentNode(PRESENT[0], has_it)])] == [2]
