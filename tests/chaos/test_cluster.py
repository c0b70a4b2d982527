"""A cluster of three NATS servers while votes come in: one dies, the leader changes, nobody hears of it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest
from fixtures.cluster import running_cluster

from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.ids import Position
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.testing import examples, until

WRITERS = 4
VOTES_BETWEEN = 40
WAIT_SECONDS = 90


@pytest.mark.timeout(400)
async def test_every_acknowledged_vote_outlives_the_leader_exactly_once(tmp_path: Path, broken_lines: None) -> None:
    async with running_cluster(tmp_path) as cluster:
        connection = await open_connection(cluster.url, "voters")
        log = NatsEventLog(connection)
        acknowledged: dict[str, Position] = {}
        seen: list[LogEntry] = []
        done = asyncio.Event()

        async def vote() -> None:
            """No append may fail: an election takes less time than an append tries."""
            one, two = examples.candidate_of("j1"), examples.candidate_of("j2")
            while not done.is_set():
                meta = examples.meta()
                acknowledged[meta.event_id] = (await log.append(examples.vote_cast(one, two), meta)).position
                await asyncio.sleep(0.02)

        async def follow() -> None:
            async with aclosing(log.follow(Position(0))) as batches:
                async for batch in batches:
                    seen.extend(batch)

        async def more_votes() -> None:
            known = len(acknowledged)
            await until(lambda: len(acknowledged) >= known + VOTES_BETWEEN, WAIT_SECONDS, "more votes")

        try:
            async with asyncio.TaskGroup() as group:
                following = group.create_task(follow())
                for _ in range(WRITERS):
                    group.create_task(vote())
                await more_votes()
                victim = await cluster.leader(connection)
                victim.kill()
                await more_votes()
                assert await cluster.leader(connection) is not victim
                await victim.start()
                await more_votes()
                done.set()
                last = await log.end()
                await until(lambda: len(seen) >= last, WAIT_SECONDS, "the last vote at the reader")
                following.cancel()
        finally:
            await connection.close()
        assert [entry.position for entry in seen] == list(range(1, len(seen) + 1))
        found = [(entry.meta.event_id, entry.position) for entry in seen if isinstance(entry, Recorded)]
        assert len(found) == len(dict(found)), "an event stands in the log twice"
        assert acknowledged.items() <= dict(found).items()
