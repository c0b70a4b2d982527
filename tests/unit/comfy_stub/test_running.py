"""Which node runs next, what counts as the same computation, and how time is spread."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from comfy_stub.behaviour import Behaviour
from comfy_stub.cache import signatures
from comfy_stub.files import Files
from comfy_stub.models import ModelShelf
from comfy_stub.nodes.catalogue import CATALOGUE
from comfy_stub.nodes.definition import Surroundings
from comfy_stub.ordering import RunOrder
from comfy_stub.pace import Abandoned, Pace
from comfy_stub.validation import validate

PROMPT: dict[str, Any] = {
    "a": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}},
    "b": {"class_type": "ImageInvert", "inputs": {"image": ["a", 0]}},
    "early": {"class_type": "PreviewImage", "inputs": {"images": ["a", 0]}},
    "late": {"class_type": "SaveImage", "inputs": {"images": ["b", 0], "filename_prefix": "x"}},
}


@pytest.fixture
def surroundings(tmp_path: Path) -> Surroundings:
    files = Files(tmp_path)
    files.prepare()
    return Surroundings(files, ModelShelf(Behaviour()))


def order(cached: set[str]) -> list[str]:
    run_order = RunOrder(PROMPT, ["late", "early"], cached.__contains__, {"late", "early"}.__contains__)
    ran: list[str] = []
    while (node_id := run_order.next()) is not None:
        ran.append(node_id)
        run_order.done(node_id)
    return ran


def test_outputs_run_as_soon_as_they_can() -> None:
    assert order(set()) == ["a", "early", "b", "late"]


def test_what_is_cached_upstream_does_not_run() -> None:
    assert order({"a", "b"}) == ["late", "early"]


def test_node_ids_do_not_matter_to_the_cache(surroundings: Surroundings) -> None:
    renamed = {
        "x": PROMPT["a"],
        "y": {"class_type": "ImageInvert", "inputs": {"image": ["x", 0]}},
    }
    ours, theirs = signatures(PROMPT, CATALOGUE, surroundings), signatures(renamed, CATALOGUE, surroundings)
    assert (ours["a"], ours["b"]) == (theirs["x"], theirs["y"])
    assert len(set(ours.values())) == 4


def test_a_cycle_equals_nothing(surroundings: Surroundings) -> None:
    cycle = {
        "a": {"class_type": "ImageInvert", "inputs": {"image": ["b", 0]}},
        "b": {"class_type": "ImageInvert", "inputs": {"image": ["a", 0]}},
    }
    found = signatures(cycle, CATALOGUE, surroundings)
    assert found["a"] != found["b"]


def test_the_cycle_itself_is_named_by_nothing(surroundings: Surroundings) -> None:
    cycle = {
        "a": {"class_type": "ImageInvert", "inputs": {"image": ["a", 0]}},
        "s": {"class_type": "SaveImage", "inputs": {"images": ["a", 0], "filename_prefix": "x"}},
    }
    verdict = validate(cycle, None, CATALOGUE, surroundings, Behaviour())
    assert verdict.error is not None
    assert (verdict.error["type"], verdict.node_errors) == ("prompt_outputs_failed_validation", {})


def test_every_class_describes_itself(surroundings: Surroundings) -> None:
    for name, node_class in CATALOGUE.items():
        described = node_class.described(surroundings)
        assert described["name"] == name
        assert len(described["output"]) == len(described["output_is_list"])


def test_a_node_takes_its_share_of_the_time() -> None:
    pace = Pace(0.2, 4.0, threading.Event())
    before = time.monotonic()
    pace.finished(1.0)
    assert time.monotonic() - before >= 0.045
    pace.finished(3.0)
    assert time.monotonic() - before >= 0.195


def test_a_server_that_goes_down_abandons_the_job() -> None:
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(Abandoned):
        Pace(60.0, 1.0, stopping).finished(1.0)
