"""The demo's own voter: it has a taste, votes by it, and kills one image so that its branch dies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.errors import ApiRefused
from carnival_cli.api.views.candidate import TreeNode
from carnival_cli.api.views.run import Run

VOTER: Final = "demo"
VOTES_MAX: Final = 15
VOTES_BEFORE_KILL: Final = 3
FINALS_BEFORE_KILL: Final = 2


class Judge:
    """Acts a little at each look at the run, as a person would who drops by."""

    def __init__(self, api: CarnivalApi) -> None:
        self._api = api
        self.votes = 0
        self.killed: TreeNode | None = None

    async def look(self, run: Run) -> None:
        """One vote at the most, and the one kill when its time has come."""
        if self.votes < VOTES_MAX:
            await self._vote(run)
        if self.killed is None and self.votes >= VOTES_BEFORE_KILL and run.finals >= FINALS_BEFORE_KILL:
            await self.kill(run)

    async def kill(self, run: Run) -> None:
        """Kill one image. When somebody else was faster the next look tries again."""
        victim = choose_victim(await self._api.runs.tree(run.run_id))
        if victim is None:
            return
        try:
            note = "the demo kills one image to show that its branch dies"
            await self._api.candidates.reject(victim.candidate_id, note)
        except ApiRefused:
            return
        self.killed = victim

    async def _vote(self, run: Run) -> None:
        pair = (await self._api.votes.next_pair(run.run_id, VOTER)).pair
        if pair is None or not pair.voting:
            return
        left, right = pair.left.candidate_id, pair.right.candidate_id
        try:
            await self._api.votes.cast(left, right, preferred_side(left, right), VOTER)
        except ApiRefused:
            return
        self.votes += 1


def preferred_side(left: str, right: str) -> str:
    """A taste that never contradicts itself: ids are as good as random, and have an order."""
    return "left" if left > right else "right"


def choose_victim(tree: Sequence[TreeNode]) -> TreeNode | None:
    """The worst live image behind the first step that has live children and a live neighbour in its column."""
    live = [node for node in tree if node.state == "live"]
    columns = {order: [node for node in live if node.step_order == order] for order in {n.step_order for n in live}}
    first = min(columns, default=0)
    candidates = [
        node for node in live if node.step_order > first and node.live_children and len(columns[node.step_order]) > 1
    ]
    return min(candidates, key=lambda node: (node.step_order, node.rating, node.position), default=None)
