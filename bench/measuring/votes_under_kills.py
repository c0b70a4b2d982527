"""Votes that flow while processes are killed, and the count of them in the log afterwards."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any
from uuid import uuid4

from fixtures.stack import Stack

from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position
from carnival.contracts.vote import VoteCast
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.testing import until
from measuring.http_line import HttpLine

ACKNOWLEDGED = frozenset({200, 201, 202})
PAUSE_SECONDS = 0.05
AGAIN_SECONDS = 120.0
FLOWING_SECONDS = 1.0


class Flow:
    """Each vote is sent under one key until it is acknowledged. `acknowledged`: their ids; `refused`: answers that say
    no, which none of these votes deserves."""

    def __init__(self, votes: Iterator[dict[str, Any]], voter_prefix: str) -> None:
        self._votes = votes
        self.voter_prefix = voter_prefix
        self._ending = False
        self.acknowledged: list[str] = []
        self.refused: list[str] = []
        self.moments = [time.monotonic()]

    @asynccontextmanager
    async def running(self, lines: list[HttpLine]) -> AsyncGenerator[None]:
        """Votes flow while the block runs; at its end those under way are acknowledged as well."""
        flowing = asyncio.gather(*(self._go_on(line) for line in lines))
        try:
            yield
        finally:
            self._ending = True
            await flowing

    async def _go_on(self, line: HttpLine) -> None:
        while not self._ending:
            vote = next(self._votes)
            await self._until_acknowledged(line, vote | {"voter": self.voter_prefix + vote["voter"]})
            await asyncio.sleep(PAUSE_SECONDS)

    async def _until_acknowledged(self, line: HttpLine, vote: dict[str, Any]) -> None:
        key = uuid4().hex
        while True:
            try:
                answer = await line.post("/api/votes", vote, key)
            except (OSError, EOFError):
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if answer.status in ACKNOWLEDGED:
                self.acknowledged.append(answer.json()["id"])
                self.moments.append(time.monotonic())
                return
            if answer.status < 500:
                self.refused.append(f"{answer.status} {answer.body.decode()[:300]}")
                return
            await asyncio.sleep(PAUSE_SECONDS)


async def kill_each(stack: Stack, flow: Flow, rounds: int) -> dict[str, float]:
    """SIGKILL to one process after the other. By process the longest time in seconds without an acknowledged vote, from
    the kill until votes flow again with the process running."""
    standstills: dict[str, float] = {}
    for name in sorted(stack.state()["processes"]) * rounds:
        await asyncio.sleep(FLOWING_SECONDS)
        killed_at = time.monotonic()
        before = stack.pid_of(name)
        await stack.kill(name)
        await until(
            lambda who=name, gone=before: stack.pid_of(who) not in {None, gone}, AGAIN_SECONDS, f"{name} to run again"
        )
        flows_at = time.monotonic() + FLOWING_SECONDS
        await until(lambda at=flows_at: flow.moments[-1] > at, AGAIN_SECONDS, f"votes after a kill of {name}")
        gaps = [later - earlier for earlier, later in pairwise(flow.moments) if later > killed_at]
        standstills[name] = max(standstills.get(name, 0.0), *gaps)
    return standstills


async def breaches_of(stack: Stack, flow: Flow) -> list[str]:
    """Acknowledged votes that the log does not hold exactly once, votes that nobody sent, refusals."""
    held = Counter[str]()
    connection = await open_connection(stack.state()["nats_url"], "bench")
    try:
        async for batch in NatsEventLog(connection).read(Position(0)):
            events = [entry.event for entry in batch if isinstance(entry, Recorded)]
            votes = [event for event in events if isinstance(event, VoteCast)]
            held.update(vote.vote_id for vote in votes if vote.voter.startswith(flow.voter_prefix))
    finally:
        await connection.close()
    wrong = [
        f"vote {vote_id} is in the log {held[vote_id]} times" for vote_id in flow.acknowledged if held[vote_id] != 1
    ]
    unsent = held.keys() - set(flow.acknowledged)
    return [*flow.refused, *wrong, *(f"vote {vote_id} was never acknowledged" for vote_id in unsent)]
