"""A run's tree on the screen: which of its images are shown, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.text import Text
from rich.tree import Tree

from carnival_cli.api.views.candidate import TreeNode
from carnival_cli.api.views.run import Run
from carnival_cli.output import counted

SHOWN: Final = 500
STYLES: Final = {"live": "", "rejected": "red", "dead": "dim"}


def chosen(
    nodes: Sequence[TreeNode], *, step: int | None = None, depth: int | None = None, everything: bool = False
) -> list[TreeNode]:
    """The nodes to show, in the order given (parents before children): of each its ancestors too."""
    seen = [node for node in nodes if everything or node.state == "live"]
    if depth is not None:
        seen = [node for node in seen if node.depth < depth]
    if step is None:
        return seen
    parents = {node.candidate_id: node.parent_id for node in seen}
    kept: set[str | None] = set()
    for node in seen:
        current: str | None = node.candidate_id if node.step_order == step else None
        while current is not None and current not in kept:
            kept.add(current)
            current = parents.get(current)
    return [node for node in seen if node.candidate_id in kept]


def drawn(run: Run, nodes: Sequence[TreeNode], limit: int) -> Tree:
    """The tree on the screen, `limit` nodes at the most: siblings best first, ties to the older."""
    names = {column.order: column.name for column in run.steps}
    children: dict[str | None, list[TreeNode]] = {}
    for node in sorted(nodes, key=lambda node: (-node.rating, node.position)):
        children.setdefault(node.parent_id, []).append(node)
    jobs = counted(run.open_jobs, "open job")
    root = Tree(Text(f"{run.name}: {run.live} live, {run.rejected} rejected, {run.dead} dead, {jobs}"))
    left = limit
    waiting: list[tuple[Tree, TreeNode]] = [(root, node) for node in reversed(children.get(None, []))]
    while waiting and left > 0:
        place, node = waiting.pop()
        branch = place.add(_label(node, names))
        left -= 1
        waiting += [(branch, child) for child in reversed(children.get(node.candidate_id, []))]
    return root


def _label(node: TreeNode, names: dict[int, str]) -> Text:
    label = Text(style=STYLES.get(node.state, ""))
    label.append(names.get(node.step_order, str(node.step_order)))
    label.append(f" {node.rating}", style="bold")
    marks = [] if node.state == "live" else [node.state]
    for count, noun in ((node.votes, "vote"), (node.open_jobs, "open job"), (node.failures, "failure")):
        marks += [counted(count, noun)] if count else []
    label.append(f"  {', '.join(marks)}" if marks else "")
    return label.append(f"  {node.candidate_id}", style="dim")
