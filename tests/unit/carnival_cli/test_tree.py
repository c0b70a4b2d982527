"""A run's tree on the screen."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from unit.carnival_cli.test_run_display import RUN

from carnival_cli.api.views.candidate import TreeNode
from carnival_cli.api.views.run import Run
from carnival_cli.tree_display import chosen, drawn


def node(name: str, parent: str | None, depth: int, **fields: object) -> TreeNode:
    known = {"state": "live", "rating": 1000, "votes": 0, "live_children": 0, "position": len(name)}
    return TreeNode.model_validate(
        {"candidate_id": name, "parent_id": parent, "depth": depth, "step_order": depth + 1, **known, **fields}
    )


NODES = [
    node("b1", None, 0),
    node("b2", None, 0, rating=1030, votes=2),
    node("f1", "b1", 1, open_jobs=1),
    node("f2", "b1", 1, state="rejected"),
    node("h1", "f1", 2),
    node("h2", "f2", 2, state="dead"),
]


def names(nodes: list[TreeNode]) -> list[str]:
    return [node.candidate_id for node in nodes]


def test_only_what_lives_is_shown_unless_everything_is_asked_for() -> None:
    assert names(chosen(NODES)) == ["b1", "b2", "f1", "h1"]
    assert chosen(NODES, everything=True) == NODES


def test_levels_are_counted_from_the_base() -> None:
    assert names(chosen(NODES, depth=1)) == ["b1", "b2"]


def test_a_step_shows_its_images_with_what_they_grew_from() -> None:
    assert names(chosen(NODES, step=3)) == ["b1", "f1", "h1"]
    assert chosen(NODES, step=3, depth=2) == []


def printed(nodes: list[TreeNode], limit: int) -> list[str]:
    console = Console(file=StringIO(), width=100)
    console.print(drawn(Run.model_validate(RUN), nodes, limit))
    assert isinstance(console.file, StringIO)
    return [line.strip("│├└─ ").rstrip() for line in console.file.getvalue().splitlines()]


def test_siblings_stand_best_first_with_what_is_to_know_of_each() -> None:
    _, *lines = printed(NODES, 10)
    assert [line.split()[-1] for line in lines] == ["b2", "b1", "f1", "h1", "f2", "h2"]
    assert "1030  2 votes" in lines[0]
    assert "1 open job" in lines[2]
    assert "rejected" in lines[4]


def test_a_large_tree_is_cut_at_the_limit() -> None:
    assert len(printed(NODES, 3)) == 1 + 3
