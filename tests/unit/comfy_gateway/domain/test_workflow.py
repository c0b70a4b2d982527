"""Checks and changes on a filled workflow (PAY-6, PAY-8, PAY-10)."""

from __future__ import annotations

from typing import Any

import pytest

from comfy_gateway.domain.errors import BadPath, BadTemplate
from comfy_gateway.domain.workflow import (
    Label,
    checked,
    inputs_of,
    job_folder,
    label_of,
    result_node,
    saving_nodes,
    slug,
    with_prefix,
)


def node(kind: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": kind, "inputs": inputs}


def save(prefix: Any = "image") -> dict[str, Any]:
    return node("SaveImage", images=["1", 0], filename_prefix=prefix)


def test_a_workflow_in_api_format_passes() -> None:
    workflow = {"1": node("EmptyImage", width=8), "2": save()}
    assert checked(workflow) == workflow


def test_a_workflow_of_the_editor_is_explained() -> None:
    with pytest.raises(BadTemplate, match="API format"):
        checked({"nodes": [{"id": 1}], "links": [], "version": 0.4})


@pytest.mark.parametrize("content", [None, [], {}, "text", {"1": 5}, {"1": {"inputs": {}}}, {"1": {"class_type": "X"}}])
def test_other_shapes_are_bad_templates(content: Any) -> None:
    with pytest.raises(BadTemplate):
        checked(content)


def test_a_cycle_is_named() -> None:
    workflow = {"1": node("A", x=["3", 0]), "2": node("B", x=["1", 0]), "3": node("C", x=["2", 0]), "4": save()}
    with pytest.raises(BadTemplate, match="circle") as caught:
        checked(workflow)
    named = str(caught.value).rpartition(": ")[2].split(" -> ")
    assert named[0] == named[-1]
    assert set(named) == {"1", "2", "3"}


def test_a_node_that_feeds_itself_is_a_cycle() -> None:
    with pytest.raises(BadTemplate, match="1 -> 1"):
        checked({"1": node("A", x=["1", 0])})


def test_a_diamond_is_no_cycle_and_a_long_chain_is_no_problem() -> None:
    diamond = {"1": node("A"), "2": node("B", x=["1", 0]), "3": node("C", x=["1", 0], y=["2", 0]), "4": save()}
    chain = {str(number): node("A", x=[str(number + 1), 0]) for number in range(5000)}
    assert checked(diamond)
    assert checked(chain)


@pytest.mark.parametrize(
    "path",
    ["../secret.png", "a/../../b.png", "/etc/passwd", "\\\\host\\x.png", "C:\\x.png", "~/x.png", "..", "a\\..\\b.png"],
)
def test_a_loading_node_may_not_leave_the_servers_folders(path: str) -> None:
    with pytest.raises(BadPath):
        checked({"1": node("LoadImage", image=path), "2": save()})


@pytest.mark.parametrize("path", ["a.png", "carnival/a.png", "sub/a.png [output]", "a..b.png", "dots...png"])
def test_plain_names_may_be_loaded(path: str) -> None:
    assert checked({"1": node("LoadImage", image=path), "2": save()})


def test_paths_in_a_prompt_are_just_text() -> None:
    assert checked({"1": node("CLIPTextEncode", text="/imagine ../../x"), "2": save()})


def test_saving_nodes_come_in_numeric_order_and_named_ones_last() -> None:
    workflow = {"b": save(), "10": save(), "a": save(), "9": save(), "1": node("X")}
    assert saving_nodes(checked(workflow)) == ["9", "10", "b", "a"]


def test_the_only_saving_node_is_the_result_unless_one_is_named() -> None:
    workflow = checked({"1": node("X"), "2": save()})
    assert result_node(workflow, None) == "2"
    assert result_node(workflow, "1") == "1"
    assert result_node(checked({"3": save(), "2": save()}), None) is None


@pytest.mark.parametrize(("workflow", "named"), [({"1": save()}, "9"), ({"1": node("PreviewImage")}, None)])
def test_a_template_without_its_result_is_bad(workflow: dict[str, Any], named: str | None) -> None:
    with pytest.raises(BadTemplate):
        result_node(checked(workflow), named)


@pytest.mark.parametrize(
    ("own", "stem"),
    [
        ("base", "base"),
        ("hub/deep/base", "base"),
        ("", "step"),
        ("..", "step"),
        ("a/..", "step"),
        (["1", 0], "step"),
        (5, "step"),
        ("%year%-base", "%year%-base"),
        ("x" * 300, "x" * 80),
        ("a:b*c", "a-b-c"),
    ],
)
def test_every_saving_node_gets_the_jobs_folder_and_keeps_its_stem(own: Any, stem: str) -> None:
    workflow = checked({"1": node("X"), "2": save(own)})
    prefixed = with_prefix(workflow, "run/job-1-abc", "step")
    assert inputs_of(prefixed["2"])["filename_prefix"] == f"run/job-1-abc/{stem}"
    assert prefixed["1"] == workflow["1"]
    assert inputs_of(workflow["2"])["filename_prefix"] == own


def test_the_jobs_folder_is_its_own() -> None:
    assert job_folder("2026/Gym Shoot", 7, "0123456789abcdef") == "2026-gym-shoot/job-7-01234567"
    assert job_folder("日本", 7, "0123456789abcdef") == "run/job-7-01234567"


def test_slugs_fold_accents_and_shorten_stretches() -> None:
    assert slug("  Über — Größe_1! ") == "uber-groe_1"
    assert slug("!!!") == ""


def test_a_node_is_called_by_its_title_or_else_by_its_class() -> None:
    workflow = {
        "1": {"class_type": "KSampler", "inputs": {}, "_meta": {"title": " Face Fix "}},
        "2": {"class_type": "SaveImage", "inputs": {}},
    }
    assert label_of(workflow, "1") == Label("KSampler", "Face Fix")
    assert label_of(workflow, "2") == Label("SaveImage", "SaveImage")
    assert label_of(workflow, "1.0.3") == Label("KSampler", "Face Fix")
    assert label_of(workflow, "9") is None
