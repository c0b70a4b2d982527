"""The demo's judge and its checks."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from carnival.images.files import FileImageStore
from carnival_cli.api.views.candidate import Candidate, TreeNode
from carnival_cli.demo.judge import choose_victim, preferred_side
from carnival_cli.demo.verification import (
    problems_of_files,
    problems_of_finals,
    problems_of_parents,
    problems_of_rebuild,
)


def node(name: str, step: int, parent: str | None, *, children: int = 0, rating: int = 1000) -> TreeNode:
    return TreeNode(
        candidate_id=name,
        parent_id=parent,
        step_order=step,
        depth=step,
        state="live",
        rating=rating,
        votes=0,
        live_children=children,
        position=step,
    )


def candidate(name: str, *, state: str = "live", final: bool = True, content: bytes = b"") -> Candidate:
    return Candidate(
        candidate_id=name,
        run_id="r",
        step_order=4,
        parent_id=None,
        job_number=1,
        state=state,
        is_final=final,
        rating=1000,
        votes=0,
        live_children=0,
        width=8,
        height=8,
        seed="1",
        node="gpu",
        gpu_seconds=1,
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        place=f"run/{name}.png",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        discarded=False,
        position=1,
    )


TREE = [node("b", 1, None, children=2), node("f1", 2, "b", children=1), node("f2", 2, "b", children=1, rating=980)]


def test_the_taste_never_contradicts_itself() -> None:
    assert preferred_side("a", "b") == "right"
    assert preferred_side("b", "a") == "left"


def test_the_worst_image_with_children_and_a_neighbour_is_killed() -> None:
    victim = choose_victim(TREE)
    assert victim is not None
    assert victim.candidate_id == "f2"


def test_nothing_is_killed_whose_loss_would_show_nothing() -> None:
    assert choose_victim([]) is None
    assert choose_victim([node("b", 1, None), node("f", 2, "b", children=1)]) is None


def test_only_live_images_of_the_final_step_are_finals() -> None:
    made = [candidate("a"), candidate("b", state="dead"), candidate("c", final=False)]
    assert problems_of_finals(made, 1) == []
    assert problems_of_finals(made, 2) == ["only 1 of 2 finals are live"]


def test_broken_chains_are_found() -> None:
    assert problems_of_parents(TREE) == []
    assert problems_of_parents([*TREE, node("x", 3, "gone")]) == ["the parent of image x is missing"]
    assert problems_of_parents([*TREE, node("x", 3, None)]) == ["image x of step 3 has no parent"]
    assert problems_of_parents([*TREE, node("x", 2, "f1")]) == ["image x is not made of an image of an earlier step"]


async def test_missing_and_changed_files_are_found(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "a.png").write_bytes(b"right")
    (tmp_path / "run" / "b.png").write_bytes(b"wrong")
    made = [candidate("a", content=b"right"), candidate("b", content=b"right"), candidate("c")]
    problems = await problems_of_files(made, FileImageStore(tmp_path))
    assert problems == ["run/b.png holds other bytes than the log says", "run/c.png is missing"]


def test_a_rebuild_that_differs_names_the_tables() -> None:
    live = {"position": 9, "digest": "x", "tables": {"runs": 1, "votes": 2}}
    assert problems_of_rebuild(live, dict(live)) == []
    assert problems_of_rebuild(live, {**live, "tables": {"runs": 1, "votes": 3}}) == [
        "the rebuilt read model differs in votes"
    ]
    assert problems_of_rebuild(live, {**live, "position": 10}) == [
        "events came during the comparison, from position 9 on"
    ]
