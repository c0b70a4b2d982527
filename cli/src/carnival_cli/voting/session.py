"""What one person does in a row, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.errors import ApiRefused
from carnival_cli.api.views.vote import Pair
from carnival_cli.voting.keys import Key

OVERTAKEN: Final = frozenset({404, 409})
"""Somebody else was faster: voted as this voter, or killed one of the two."""


class Session:
    """Votes and kills of one voter in one run. `say` tells what the voter should know."""

    def __init__(self, api: CarnivalApi, run_id: str, voter: str | None, say: Callable[[str], None]) -> None:
        self._api = api
        self._run_id = run_id
        self._voter = voter
        self._say = say
        self._done: list[tuple[str, str]] = []
        self._walked: Pair | None = None

    @property
    def votes(self) -> int:
        return sum(kind == "vote" for kind, _ in self._done)

    @property
    def kills(self) -> int:
        return sum(kind == "kill" for kind, _ in self._done)

    async def next_pair(self) -> Pair | None:
        """The parent of what was just killed beside another image (KILL-2), else the pair to vote on next."""
        walked, self._walked = self._walked, None
        return walked or (await self._api.votes.next_pair(self._run_id, self._voter)).pair

    async def judge(self, pair: Pair, key: Key) -> bool:
        """Carry out what a key means for a pair; False ends the session.

        A judgement that came too late is told, and the next pair is shown. Raises ApiRefused for all else.
        """
        try:
            return await self._carry_out(pair, key)
        except ApiRefused as refusal:
            if refusal.status not in OVERTAKEN:
                raise
            self._say(f"{str(refusal).rstrip('.')}. On with the next pair.")
            return True

    async def _carry_out(self, pair: Pair, key: Key) -> bool:
        match key:
            case Key.QUIT:
                return False
            case Key.UNDO:
                await self._undo()
            case Key.KILL_LEFT:
                await self._kill(pair.left.candidate_id)
            case Key.KILL_RIGHT:
                await self._kill(pair.right.candidate_id)
            case Key.LEFT | Key.RIGHT | Key.TIE | Key.BOTH_BAD | Key.SKIP:
                await self._vote(pair, key)
        return True

    async def _vote(self, pair: Pair, key: Key) -> None:
        if not pair.voting and key is not Key.SKIP:
            self._say("This pair was voted on before; kill, or skip.")
            self._walked = pair
            return
        if not pair.voting:
            return
        left, right = pair.left.candidate_id, pair.right.candidate_id
        written = await self._api.votes.cast(left, right, key.value, self._voter)
        if key is not Key.SKIP:
            self._done.append(("vote", written.id))

    async def _kill(self, candidate_id: str) -> None:
        written = await self._api.walks.start(candidate_id, self._voter)
        self._done.append(("kill", written.id))
        self._walked = written.result.pair if written.result else None

    async def _undo(self) -> None:
        if not self._done:
            self._say("There is nothing to undo.")
            return
        kind, identity = self._done.pop()
        if kind == "vote":
            await self._api.votes.retract(identity, self._voter)
        else:
            await self._api.walks.undo(identity)
        self._say(f"The last {kind} is undone.")
