"""Under which names a forgotten picture is looked for (JOB-9)."""

from __future__ import annotations

from typing import Any

import pytest

from comfy_gateway.domain.payload import Payload
from comfy_gateway.domain.salvage import places_of_picture


def payload(nodes: dict[str, tuple[str, str]], result_node: str | None = "save") -> Payload:
    workflow: dict[str, Any] = {
        name: {"class_type": kind, "inputs": {"filename_prefix": prefix}} for name, (kind, prefix) in nodes.items()
    }
    return Payload(workflow, {}, "run/base", result_node)


def test_the_names_follow_the_servers_own_naming() -> None:
    places = places_of_picture(payload({"save": ("SaveImage", "gym/job-1-abc/base")}))
    assert [(place.subfolder, place.filename) for place in places] == [
        ("gym/job-1-abc", f"base_0000{number}_.png") for number in (1, 2, 3)
    ]


def test_without_a_result_node_the_first_saving_node_counts() -> None:
    found = places_of_picture(payload({"9": ("SaveImage", "f/b"), "2": ("SaveImage", "f/a")}, None))
    assert found[0].filename == "a_00001_.png"


@pytest.mark.parametrize(
    "nodes",
    [
        {"save": ("SaveAnimatedWEBP", "f/base")},
        {"save": ("SaveImage", "f/%width%")},
        {"save": ("SaveImage", "f/base"), "other": ("SaveImage", "f/base")},
    ],
)
def test_names_that_cannot_be_told_are_not_guessed(nodes: dict[str, tuple[str, str]]) -> None:
    assert places_of_picture(payload(nodes)) == ()
