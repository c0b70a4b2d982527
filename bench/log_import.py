"""Events restored from a backup, in atomic batches, against appending them one by one in a window.

    python bench/log_import.py [--events 100000] [--repeats 3]

A restore writes to a server that lets each acknowledged message reach the disk. Beside it nats-py publishes the same
messages with up to 1,024 acknowledgements under way, to a server that writes to the disk when it likes (the default of
NATS). Prints one figure a line. Starts its servers and stops them; exits with 1 on a missed goal.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import nats
from measuring.figures import at_least, plain
from measuring.forgetful_nats import running_forgetful_nats
from measuring.vote_history import VoteHistory
from nats.aio.client import Client

from carnival.contracts.ids import Position
from carnival.contracts.subjects import EVERYTHING, STREAM, subject_of
from carnival.log.connection import open_connection
from carnival.log.copying import append_stored
from carnival.log.port import StoredMessage
from carnival.log.stream import ensure_stream
from carnival.log.wire import encode
from carnival_cli.servers.running import running_nats

RATIO_GOAL = 0.8
WINDOW = 1024
PORTION = 2_000


def messages_of(events: int) -> list[StoredMessage]:
    """As a backup holds them."""
    stored = list[StoredMessage]()
    for number, draft in enumerate(VoteHistory(runs=30).drafts(events), 1):
        headers, body = encode(draft.event, draft.meta)
        stored.append(StoredMessage(Position(number), subject_of(draft.event), headers, body))
    return stored


async def restoring_seconds(messages: Sequence[StoredMessage]) -> float:
    with TemporaryDirectory() as folder, running_nats(Path(folder)) as server:
        connection = await open_connection(server.url, "bench")
        await ensure_stream(connection)
        started, waiting = time.perf_counter(), iter(messages)
        while portion := list(islice(waiting, PORTION)):
            await append_stored(connection, portion)
        seconds = time.perf_counter() - started
        await connection.close()
    return seconds


async def window_seconds(messages: Sequence[StoredMessage]) -> float:
    async with _default_server() as connection:
        stream = connection.jetstream(publish_async_max_pending=WINDOW)
        await stream.add_stream(name=STREAM, subjects=[EVERYTHING])
        started = time.perf_counter()
        for message in messages:
            await stream.publish_async(message.subject, message.body, headers={**message.headers}, wait_stall=30.0)
        await stream.publish_async_completed()
        return time.perf_counter() - started


@asynccontextmanager
async def _default_server() -> AsyncGenerator[Client]:
    with TemporaryDirectory() as folder, running_forgetful_nats(Path(folder)) as url:
        connection = await nats.connect(url)
        try:
            yield connection
        finally:
            await connection.close()


async def measure(events: int, repeats: int) -> bool:
    messages = messages_of(events)
    restored, published = list[float](), list[float]()
    for _ in range(repeats):
        restored.append(await restoring_seconds(messages))
        published.append(await window_seconds(messages))
    plain("restored_events_per_second", events / median(restored))
    plain("published_in_a_window_per_second", events / median(published))
    ratios = [one / other for one, other in zip(published, restored, strict=True)]
    return at_least("restoring_to_publishing_in_a_window", median(ratios), RATIO_GOAL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    return 0 if asyncio.run(measure(**vars(parser.parse_args()))) else 1


if __name__ == "__main__":
    sys.exit(main())
