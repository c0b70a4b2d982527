"""Places, names and dead workers (WRK-2, WRK-3)."""

from __future__ import annotations

import pytest

from comfy_gateway.domain.node import REGISTERING_MAX, NodeLoad, WorkerWatch, next_node, node_name, safe_name
from comfy_gateway.domain.verdict import Queue


def load(
    name: str = "a", *, ready: bool = True, slots: int = 1, ahead: int = 1, open: int = 0, registering: int = 0
) -> NodeLoad:
    return NodeLoad(name=name, ready=ready, slots=slots, jobs_ahead=ahead, open=open, registering=registering)


@pytest.mark.parametrize(
    ("node", "places"),
    [
        (load(), 2),
        (load(slots=2, ahead=2), 6),
        (load(ahead=0), 1),
        (load(open=1), 1),
        (load(open=5), 0),
        (load(ready=False), 0),
        (load(registering=REGISTERING_MAX), 0),
    ],
)
def test_places_are_slots_and_staged_jobs(node: NodeLoad, places: int) -> None:
    assert node.places == places


def test_an_idle_node_is_served_before_a_job_is_staged_elsewhere() -> None:
    assert next_node([load("a", open=1), load("b")]) == "b"
    assert next_node([load("a", open=1), load("b", slots=4, open=2)]) == "b"
    assert next_node([load("a", ready=False), load("b", open=2)]) is None


def test_a_queue_that_waits_while_nothing_runs_means_a_dead_worker() -> None:
    stuck, busy = Queue(pending=frozenset({"p"})), Queue(running=frozenset({"q"}), pending=frozenset({"p"}))
    watch = WorkerWatch().after(stuck, 10.0).after(stuck, 12.0)
    assert not watch.is_dead(12.0)
    assert watch.is_dead(15.0)
    assert not watch.after(busy, 15.0).is_dead(100.0)
    assert not WorkerWatch().after(Queue(), 0.0).is_dead(100.0)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://localhost:8188", "localhost-8188"),
        ("https://gpu.example.org", "gpu-example-org-443"),
        ("http://10.0.0.1:80/comfy/", "10-0-0-1-80-comfy"),
        ("http://[::1]:8188", "1-8188"),
    ],
)
def test_a_node_is_named_after_its_address(url: str, name: str) -> None:
    assert node_name(url) == name


def test_names_are_safe_as_keys() -> None:
    assert safe_name("host.example org") == "host-example-org"
    assert safe_name("...") == "gateway"
