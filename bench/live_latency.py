"""From the HTTP answer to a vote until its row is visible in Postgres, one vote at a time on a calm stack.

    python bench/live_latency.py [--votes 300]

The whole stack runs, nothing is being made. The API itself waits for the projector, for a bounded time, before it
answers; so the whole way from sending is told too. Beside it the least that a message can take on the same servers: a
plain publish to a stream, acknowledged, that a subscriber of nats-py writes into a table of its own. Both are looked
for in a tight loop. Prints one figure a line; exits with 1 on a missed goal.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.stack import Stack, running_stack
from measuring.ballots import ballots, images_to_vote_on
from measuring.figures import at_most, plain
from nats.aio.msg import Msg
from psycopg import AsyncConnection

from carnival.contracts.ids import fresh_id
from carnival.log.connection import open_connection

P50_GOAL_MS = 5.0
P99_GOAL_MS = 15.0
PAUSE_SECONDS = 0.02
VISIBLE_SECONDS = 10.0
WARM = 20
VOTES = "SELECT 1 FROM carnival.votes WHERE vote_id = %s"
NOTES = "SELECT 1 FROM bench.notes WHERE note_id = %s"
BARE_STREAM = "BENCH"
BARE_SUBJECT = "bench.notes"

Write = Callable[[], Awaitable[str]]
"""Sends one thing, waits until it is acknowledged, answers with its id."""


class Passage(NamedTuple):
    """Milliseconds until the row is there, from the sending and from the acknowledgement."""

    from_sending: float
    from_acknowledgement: float


async def passages(look: AsyncConnection, query: str, write: Write, count: int) -> list[Passage]:
    """One at a time."""
    found = list[Passage]()
    for number in range(count + WARM):
        sent = time.perf_counter()
        identity = await write()
        acknowledged = time.perf_counter()
        async with asyncio.timeout(VISIBLE_SECONDS):
            while await (await look.execute(query.encode(), (identity,), prepare=True)).fetchone() is None:
                pass
        there = time.perf_counter()
        if number >= WARM:
            found.append(Passage((there - sent) * 1000, (there - acknowledged) * 1000))
        await asyncio.sleep(PAUSE_SECONDS)
    return found


async def of_votes(stack: Stack, look: AsyncConnection, count: int) -> list[Passage]:
    waiting = ballots(await images_to_vote_on(stack))

    async def vote() -> str:
        answer = await stack.post("/api/votes", next(waiting))
        return str(answer["id"])

    return await passages(look, VOTES, vote, count)


async def of_bare_messages(stack: Stack, look: AsyncConnection, count: int) -> list[Passage]:
    """A stream, a subscriber, an INSERT."""
    async with AsyncExitStack() as open_things:
        connection = await open_connection(stack.state()["nats_url"], "bench")
        open_things.push_async_callback(connection.close)
        url = stack.state()["database_url"]
        writer = await AsyncConnection.connect(url, autocommit=True)
        await open_things.enter_async_context(writer)
        await writer.execute("CREATE SCHEMA bench")
        await writer.execute("CREATE TABLE bench.notes (note_id text PRIMARY KEY)")
        stream = connection.jetstream()
        await stream.add_stream(name=BARE_STREAM, subjects=[BARE_SUBJECT])

        async def keep(message: Msg) -> None:
            await writer.execute("INSERT INTO bench.notes VALUES (%s)", (message.data.decode(),), prepare=True)

        await stream.subscribe(BARE_SUBJECT, cb=keep, ordered_consumer=True)

        async def note() -> str:
            identity = fresh_id()
            await stream.publish(BARE_SUBJECT, identity.encode())
            return identity

        return await passages(look, NOTES, note, count)


async def measure(votes: int) -> bool:
    async with running_stack() as stack:
        look = await AsyncConnection.connect(stack.state()["database_url"], autocommit=True)
        async with look:
            bare = await of_bare_messages(stack, look, votes)
            voted = await of_votes(stack, look, votes)
    least, whole = (median(one.from_sending for one in found) for found in (bare, voted))
    plain("bare_message_sent_to_row_median_ms", least)
    plain("vote_sent_to_row_median_ms", whole)
    plain("vote_sent_to_row_to_bare_message", whole / least)
    cuts = quantiles([one.from_acknowledgement for one in voted], n=100)
    good = at_most("vote_answered_to_row_p50_ms", cuts[49], P50_GOAL_MS)
    return at_most("vote_answered_to_row_p99_ms", cuts[98], P99_GOAL_MS) and good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--votes", type=int, default=300)
    return 0 if asyncio.run(measure(**vars(parser.parse_args()))) else 1


if __name__ == "__main__":
    sys.exit(main())
