"""The rate at which nats-py hands the messages of the log to a callback that does nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any, Final

import nats
from nats.aio.msg import Msg

from carnival.contracts.ids import fresh_id
from carnival.contracts.subjects import EVERYTHING, STREAM

PULL: Final = 5_000
NANOSECONDS: Final = 1_000_000_000
EXPIRES_SECONDS: Final = 30
INACTIVE_SECONDS: Final = 60


async def bare_reading_seconds(url: str, count: int, subjects: Sequence[str] = (EVERYTHING,)) -> float:
    """How long the first `count` messages under `subjects` take: two overlapping pulls, no acknowledgements."""
    connection = await nats.connect(url)
    arrived, enough, inbox = 0, asyncio.Event(), connection.new_inbox()

    async def empty(_: Msg) -> None:
        nonlocal arrived
        arrived += 1
        if arrived % PULL == 0 or arrived >= count:
            enough.set()

    name = f"bare-{fresh_id()}"
    config: dict[str, Any] = {
        "name": name,
        "ack_policy": "none",
        "mem_storage": True,
        "filter_subjects": list(subjects),
    }
    config["inactive_threshold"] = INACTIVE_SECONDS * NANOSECONDS
    await connection.subscribe(inbox, cb=empty)
    await connection.request(
        f"$JS.API.CONSUMER.CREATE.{STREAM}.{name}", json.dumps({"stream_name": STREAM, "config": config}).encode()
    )
    request = json.dumps({"batch": PULL, "expires": EXPIRES_SECONDS * NANOSECONDS}).encode()
    started, asked = time.perf_counter(), 0
    while arrived < count:
        while asked < min(count, arrived + 2 * PULL):
            await connection.publish(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{name}", request, reply=inbox)
            asked += PULL
        enough.clear()
        await enough.wait()
    seconds = time.perf_counter() - started
    await connection.close()
    return seconds
