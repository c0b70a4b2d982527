"""A cluster of three NATS servers under 200 votes a second; one server after the other is killed at random.

    python bench/cluster_kills.py [--kills 10] [--votes-per-second 200] [--seed 1]

Every acknowledged vote has to be in the log exactly once, at the position that was acknowledged, and no append may
fail: an election of another leader takes less time than an append tries. Prints how long votes waited; exits with 1 on
a breach.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.cluster import NatsCluster, running_cluster
from measuring.figures import plain

from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position
from carnival.log.connection import open_connection
from carnival.log.errors import LogError
from carnival.log.nats_log import NatsEventLog
from carnival.testing import examples

DOWN_SECONDS = (0.0, 10.0)
APART_SECONDS = 5.0
READING_SECONDS = 300.0


@dataclass
class Ballot:
    """What became of the votes."""

    acknowledged: dict[str, Position] = field(default_factory=dict)
    failed: int = 0
    seconds: list[float] = field(default_factory=list)


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--votes-per-second", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="carnival-cluster-") as folder:
        async with running_cluster(Path(folder)) as cluster:
            connection = await open_connection(cluster.url, "bench")
            try:
                ballot = await vote_under_kills(cluster, NatsEventLog(connection), given)
                breaches = await breaches_of(NatsEventLog(connection), ballot)
            finally:
                await connection.close()
    plain("votes_acknowledged", len(ballot.acknowledged))
    plain("votes_failed", ballot.failed)
    plain("vote_p99_seconds", quantiles(ballot.seconds, n=100)[98])
    plain("vote_longest_seconds", max(ballot.seconds))
    plain("breaches", len(breaches))
    print(*breaches[:20], sep="\n")
    return 1 if breaches or ballot.failed else 0


async def vote_under_kills(cluster: NatsCluster, log: NatsEventLog, given: argparse.Namespace) -> Ballot:
    ballot, done = Ballot(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        voting = group.create_task(_vote(log, ballot, 1 / given.votes_per_second, done))
        chance = Random(given.seed)
        for _ in range(given.kills):
            await asyncio.sleep(APART_SECONDS)
            victim = chance.choice(cluster.servers)
            victim.kill()
            await asyncio.sleep(chance.uniform(*DOWN_SECONDS))
            await victim.start()
        await asyncio.sleep(APART_SECONDS)
        done.set()
        await voting
    return ballot


async def _vote(log: NatsEventLog, ballot: Ballot, pause: float, done: asyncio.Event) -> None:
    """At an even rate, whatever the answers take."""
    one, two = examples.candidate_of("j1"), examples.candidate_of("j2")

    async def cast() -> None:
        meta, began = examples.meta(), time.monotonic()
        try:
            ballot.acknowledged[meta.event_id] = (await log.append(examples.vote_cast(one, two), meta)).position
        except LogError:
            ballot.failed += 1
        ballot.seconds.append(time.monotonic() - began)

    async with asyncio.TaskGroup() as group:
        due = time.monotonic()
        while not done.is_set():
            group.create_task(cast())
            due += pause
            await asyncio.sleep(max(0.0, due - time.monotonic()))


async def breaches_of(log: NatsEventLog, ballot: Ballot) -> list[str]:
    """Acknowledged votes that are missing, elsewhere or there twice.

    A server that has just come back lags behind, and may be the one that is asked what is last: so the log is followed
    up to the last acknowledged vote.
    """
    places: dict[str, list[Position]] = {}
    end = max(ballot.acknowledged.values())
    async with asyncio.timeout(READING_SECONDS), aclosing(log.follow(Position(0))) as batches:
        async for batch in batches:
            for entry in batch:
                if isinstance(entry, Recorded):
                    places.setdefault(entry.meta.event_id, []).append(entry.position)
            if batch[-1].position >= end:
                break
    twice = [f"{vote} stands at {found}" for vote, found in places.items() if len(found) > 1]
    lost = [
        f"{vote} was acknowledged at {position}, found at {places.get(vote)}"
        for vote, position in ballot.acknowledged.items()
        if position not in places.get(vote, [])
    ]
    return twice + lost


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
