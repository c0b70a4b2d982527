"""When work was recorded, by the clock of the log: submissions to a server, and images."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from nats.errors import TimeoutError as NothingCame
from nats.js.api import AckPolicy, ConsumerConfig

from carnival.contracts.job import ImageProduced, JobSubmitted
from carnival.contracts.subjects import STREAM, every_run
from carnival.log.connection import open_connection

PULL = 500
PULL_SECONDS = 10


async def work_moments(nats_url: str) -> list[float]:
    """Seconds since 1970, in order. The log's own time: an event may have been put together long before it got in."""
    connection = await open_connection(nats_url, "bench")
    subjects = [every_run(JobSubmitted, "default"), every_run(ImageProduced, "default")]
    config = ConsumerConfig(filter_subjects=subjects, ack_policy=AckPolicy.NONE)
    reader = await connection.jetstream().pull_subscribe("", stream=STREAM, config=config)
    moments: list[float] = []
    try:
        pending = 1
        while pending:
            messages = await reader.fetch(PULL, timeout=PULL_SECONDS)
            moments += [message.metadata.timestamp.timestamp() for message in messages]
            pending = messages[-1].metadata.num_pending
    except NothingCame:
        pass  # nobody has worked at all
    await connection.close()
    return sorted(moments)


def seconds_to_work(moments: Sequence[float], since: float) -> float:
    """How long after `since` work was recorded again; without end if it never was."""
    after = bisect_right(moments, since)
    return moments[after] - since if after < len(moments) else float("inf")
