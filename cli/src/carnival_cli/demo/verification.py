"""Whether what the demo made is sound."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from carnival.images.port import ImageMissing, ImageStore
from carnival_cli.api.views.candidate import Candidate, TreeNode


def problems_of_finals(candidates: Sequence[Candidate], wanted: int) -> list[str]:
    """At least `wanted` live images of the final step."""
    finals = sum(1 for candidate in candidates if candidate.is_final and candidate.state == "live")
    return [] if finals >= wanted else [f"only {finals} of {wanted} finals are live"]


def problems_of_parents(tree: Sequence[TreeNode]) -> list[str]:
    """Every image but the base ones has a parent of an earlier step; so each chain ends at a base image."""
    by_id = {node.candidate_id: node for node in tree}
    first = min((node.step_order for node in tree), default=0)
    problems: list[str] = []
    for node in tree:
        if node.parent_id is None:
            if node.step_order != first:
                problems.append(f"image {node.candidate_id} of step {node.step_order} has no parent")
            continue
        parent = by_id.get(node.parent_id)
        if parent is None:
            problems.append(f"the parent of image {node.candidate_id} is missing")
        elif parent.step_order >= node.step_order:
            problems.append(f"image {node.candidate_id} is not made of an image of an earlier step")
    return problems


async def problems_of_files(candidates: Sequence[Candidate], images: ImageStore) -> list[str]:
    """Every image's file is in the store and holds the bytes that the log knows."""
    problems: list[str] = []
    for candidate in candidates:
        if candidate.discarded:
            continue
        try:
            data = await images.get(candidate.place)
        except ImageMissing:
            problems.append(f"{candidate.place} is missing")
            continue
        if hashlib.sha256(data).hexdigest() != candidate.sha256:
            problems.append(f"{candidate.place} holds other bytes than the log says")
    return problems


def problems_of_rebuild(live: dict[str, Any], rebuilt: dict[str, Any]) -> list[str]:
    """The read model folded anew from the log equals the one that grew event by event."""
    if live == rebuilt:
        return []
    if live.get("position") != rebuilt.get("position"):
        return [f"events came during the comparison, from position {live.get('position')} on"]
    tables, others = live.get("tables", {}), rebuilt.get("tables", {})
    differing = sorted(name for name in tables.keys() | others.keys() if tables.get(name) != others.get(name))
    return [f"the rebuilt read model differs in {', '.join(differing) or 'its digest'}"]
