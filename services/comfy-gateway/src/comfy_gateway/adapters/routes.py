"""What wakes the gateway over the bus."""

from __future__ import annotations

from collections.abc import Callable

from faststream.nats import NatsRouter
from faststream.nats.annotations import NatsMessage

from carnival.contracts.job import JobCancelled
from carnival.contracts.subjects import every_run


def routes(on_cancelled: Callable[[], None], pool: str) -> NatsRouter:
    """Cancellations of the pool, as plain messages on their way into the log: hints, not facts.

    `no_reply`: the writer waits for the acknowledgement of the log, and an empty answer of ours would take its place.
    """
    router = NatsRouter()

    @router.subscriber(every_run(JobCancelled, pool), no_reply=True)
    async def cancelled(_: NatsMessage) -> None:  # pyright: ignore[reportUnusedFunction]
        on_cancelled()

    return router
