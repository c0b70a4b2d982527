"""Work that follows from one kind of event, done once per event by whichever process of this service is free.

The durable consumer in the log remembers what is done: nothing is lost when a process dies, nothing is done again after
a restart, and what cannot be done yet is tried again with growing pauses.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar, cast

import nats.errors
import psycopg
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError
from opentelemetry.trace import SpanKind

from carnival.concurrency import end_tasks
from carnival.contracts.envelope import Event, Recorded
from carnival.contracts.ids import Position
from carnival.contracts.subjects import STREAM, every_run
from carnival.log.errors import LogError
from carnival.log.wire import decode
from carnival.telemetry.tracing import span
from curation_api.domain.refusals import ProjectionBehind

ANSWER_TIMEOUT_SECONDS: Final = 5
FETCH_SECONDS: Final = 5.0
ACK_WAIT_SECONDS: Final = 300.0
PENDING_MAX: Final = 100
PAUSE_SECONDS: Final = 1.0
AGAIN_SECONDS: Final = (1.0, 5.0, 30.0, 120.0, 600.0)

E = TypeVar("E", bound=Event)

_log = structlog.get_logger(__name__)


class LogWorker(Generic[E]):
    """`name` is the durable consumer's; its deliveries go one by one to `work`, which must be idempotent.

    `pool` is "*" for events about jobs, whose subjects end in a pool.
    """

    def __init__(
        self,
        connection: Client,
        name: str,
        event: type[E],
        work: Callable[[Recorded[E]], Awaitable[None]],
        *,
        pool: str | None = None,
    ) -> None:
        self._stream = connection.jetstream(timeout=ANSWER_TIMEOUT_SECONDS)
        self._name = name
        self._event = event
        self._work = work
        self._pool = pool
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._go_on(), name=f"work-{self._name}")

    async def stop(self) -> None:
        """Unfinished work is delivered again, to whoever is there."""
        if self._task:
            await end_tasks([self._task])

    async def _go_on(self) -> None:
        subscription: JetStreamContext.PullSubscription | None = None
        while True:
            try:
                subscription = subscription or await self._subscribed()
                for message in await subscription.fetch(1, timeout=FETCH_SECONDS):
                    await self._do(message)
            except (TimeoutError, nats.errors.TimeoutError):
                continue
            except (nats.errors.Error, OSError) as error:
                _log.warning("The log gives no work", action="work_interrupted", worker=self._name, error=str(error))
                subscription = None
                await asyncio.sleep(PAUSE_SECONDS)

    async def _do(self, message: Msg) -> None:
        position = Position(message.metadata.sequence.stream)
        entry = decode(message.subject, position, message.headers or {}, message.data)
        if not isinstance(entry, Recorded) or not isinstance(entry.event, self._event):
            _log.error("An event cannot be read and is passed over", action="work_unreadable", position=position)
            await message.term()
            return
        try:
            trace, kind = entry.meta.traceparent, SpanKind.CONSUMER
            with span(f"work {self._name}", traceparent=trace, kind=kind, position=position):
                await self._work(cast("Recorded[E]", entry))
        except (OSError, LogError, ProjectionBehind, psycopg.Error) as error:
            pause = AGAIN_SECONDS[min(message.metadata.num_delivered or 1, len(AGAIN_SECONDS)) - 1]
            _log.warning(
                "Work is put off", action="work_put_off", worker=self._name, position=position, why=str(error)[:200]
            )
            await message.nak(delay=pause)
        else:
            await message.ack_sync(timeout=ANSWER_TIMEOUT_SECONDS)

    async def _subscribed(self) -> JetStreamContext.PullSubscription:
        try:
            await self._stream.consumer_info(STREAM, self._name)
        except NotFoundError:
            await self._stream.add_consumer(STREAM, self._configuration())
        return await self._stream.pull_subscribe_bind(durable=self._name, stream=STREAM)

    def _configuration(self) -> ConsumerConfig:
        return ConsumerConfig(
            name=self._name,
            durable_name=self._name,
            description=f"What follows from {self._event.wire_name}",
            filter_subject=every_run(self._event, self._pool),
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT_SECONDS,
            max_deliver=-1,
            max_ack_pending=PENDING_MAX,
        )
