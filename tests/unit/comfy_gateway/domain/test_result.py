"""Which picture becomes the candidate (JOB-4, JOB-5)."""

from __future__ import annotations

from typing import Any

import pytest

from comfy_gateway.domain.result import result_of


def images(*names: str, kind: str = "output") -> dict[str, Any]:
    return {"images": [{"filename": name, "subfolder": "s", "type": kind} for name in names]}


def chosen(outputs: dict[str, Any], node: str | None = None, order: tuple[str, ...] = ()) -> str | None:
    result = result_of(outputs, node, order)
    return result.image.filename if result else None


def test_the_result_node_gives_the_first_image_of_its_batch() -> None:
    result = result_of({"5": images("x"), "9": images("a", "b")}, "9", ["5", "9"])
    assert result is not None
    assert (result.image.filename, result.image.subfolder) == ("a", "s")
    assert [image.filename for image in result.further] == ["b", "x"]


def test_without_one_nodes_count_in_numeric_order_then_in_template_order() -> None:
    assert chosen({"10": images("b"), "9": images("a")}) == "a"
    assert chosen({"zeta": images("b"), "alpha": images("a"), "3": images("n")}, order=("zeta", "alpha", "3")) == "n"
    assert chosen({"alpha": images("a"), "zeta": images("b")}, order=("zeta", "alpha")) == "b"


def test_previews_are_no_results() -> None:
    assert chosen({"1": images("preview", kind="temp"), "2": images("real")}) == "real"


@pytest.mark.parametrize(
    "outputs",
    [
        {},
        {"1": images("p", kind="temp")},
        {"1": {"text": ["hello"], "animated": [True]}},
        {"1": None},
        {"1": {"images": 5}},
    ],
)
def test_no_image_is_said(outputs: dict[str, Any]) -> None:
    assert chosen(outputs) is None


def test_an_image_of_another_node_is_no_substitute_for_the_result_node() -> None:
    assert chosen({"1": images("draft")}, "9", ("1", "9")) is None
