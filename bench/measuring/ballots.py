"""A column of images to vote on in a running stack, and pairs enough for any number of votes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, count, islice
from typing import Any

from fixtures.stack import Stack

from carnival.contracts.envelope import Metadata
from carnival.contracts.ids import EventId
from carnival.contracts.run import RunPaused
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import ATOMIC_BATCH_MAX, Draft
from measuring.large_tree import RUN, LargeTree

IMAGES = 400
SEED_DRAFTS = 2
POOL = "nobody-serves-it"


async def images_to_vote_on(stack: Stack) -> list[str]:
    """The live base images of a paused run, written as events: nobody makes anything meanwhile."""
    connection = await open_connection(stack.state()["nats_url"], "bench")
    try:
        log = NatsEventLog(connection)
        drafts = LargeTree(IMAGES, votes=0, pool=POOL).drafts()
        begun = list(islice(drafts, SEED_DRAFTS))
        paused = Metadata(event_id=EventId("paused"), source="bench", time=begun[-1].meta.time, correlation_id="bench")
        await log.append_all([*begun, Draft(RunPaused(run_id=RUN), paused)])
        while batch := list(islice(drafts, ATOMIC_BATCH_MAX)):
            await log.append_all(batch)
        end = await log.end()
    finally:
        await connection.close()
    column = await stack.pages(f"/api/runs/{RUN}/candidates", step=1, status="live", **{"at-least": end})
    return [image["candidate_id"] for image in column]


def ballots(images: list[str]) -> Iterator[dict[str, Any]]:
    """Votes that nobody has cast: every pair by one voter after the other."""
    for voter in count(1):
        for left, right in combinations(images, 2):
            yield {"left_id": left, "right_id": right, "outcome": "left", "voter": f"voter {voter}"}
