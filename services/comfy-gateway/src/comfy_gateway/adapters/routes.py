"""What wakes the gateway over the bus."""

from __future__ import annotations

from collections.abc import Callable

from faststream.nats import NatsRouter
from faststream.nats.annotations import NatsMessage

from carnival.contracts.job import JobCancelled
from carnival.contracts.subjects import every_run


def routes(on_cancelled: Callable[[], None], pool: str) -> NatsRouter:
    """Cancellations of the pool, as plain messages on their way into the log: hints, not facts.

    `no_reply`, because the writer waits for the log's acknowledgement, and an empty answer of ours would take its place.
    """
    router = NatsRouter()

    @router.subscriber(every_run(JobCancelled, pool), no_reply=True)
    async def cancelled(_: NatsMessage) -> None:  # pyright: ignore[reportUnusedFunction]
        on_cancelled()

    return router
