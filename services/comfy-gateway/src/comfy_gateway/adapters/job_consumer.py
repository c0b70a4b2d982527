"""The jobs of a pool from one durable pull consumer, shared by all gateways of the pool."""

from __future__ import annotations

import time
from typing import Final, cast

import nats.errors
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position
from carnival.contracts.job import JobRequested
from carnival.contracts.subjects import STREAM, every_run
from carnival.log.permissions import jobs_consumer
from carnival.log.wire import decode
from comfy_gateway.application.ports import JobsUnavailable

ACK_WAIT_SECONDS: Final = 10.0
ACK_PENDING_MAX: Final = 1000
ANSWER_TIMEOUT_SECONDS: Final = 5

_log = structlog.get_logger(__name__)


class NatsDelivery:
    """Implements `Delivery`."""

    def __init__(self, connection: Client, message: Msg, entry: Recorded[JobRequested], deliveries: int) -> None:
        self._connection = connection
        self._message = message
        self._entry = entry
        self._deliveries = deliveries
        self._kept_at = time.monotonic()

    @property
    def entry(self) -> Recorded[JobRequested]:
        return self._entry

    @property
    def deliveries(self) -> int:
        return self._deliveries

    @property
    def is_ours(self) -> bool:
        return time.monotonic() - self._kept_at < ACK_WAIT_SECONDS

    async def keep(self) -> None:
        if not self._connection.is_connected:
            raise JobsUnavailable("not connected to NATS")
        try:
            await self._message.in_progress()
        except (nats.errors.Error, OSError) as error:
            raise JobsUnavailable(str(error)) from error
        self._kept_at = time.monotonic()

    async def done(self) -> None:
        try:
            await self._message.ack_sync(timeout=ANSWER_TIMEOUT_SECONDS)
        except (nats.errors.Error, OSError) as error:
            raise JobsUnavailable(f"the acknowledgement was not answered ({error})") from error

    async def give_back(self, delay_seconds: float) -> None:
        try:
            await self._message.nak(delay=delay_seconds)
        except (nats.errors.Error, OSError) as error:
            raise JobsUnavailable(str(error)) from error


class NatsJobSource:
    """Implements `JobSource`. Asks for one job at a time: a fetched job's time to acknowledge runs at once."""

    def __init__(self, connection: Client, pool: str) -> None:
        self._connection = connection
        self._stream = connection.jetstream(timeout=ANSWER_TIMEOUT_SECONDS)
        self._pool = pool
        self._subscription: JetStreamContext.PullSubscription | None = None

    async def next(self, seconds: float) -> NatsDelivery | None:
        try:
            subscription = self._subscription or await self._subscribed()
            messages = await subscription.fetch(1, timeout=seconds)
        except (TimeoutError, nats.errors.TimeoutError):
            return None
        except (nats.errors.Error, OSError) as error:
            await self._unsubscribe()
            raise JobsUnavailable(f"{type(error).__name__} {error}") from error
        return await _delivery(self._connection, messages[0])

    async def close(self) -> None:
        """Give back what came in after the last `next`, and hear of no more jobs."""
        subscription, self._subscription = self._subscription, None
        if subscription is None:
            return
        try:
            while subscription.pending_msgs:
                for message in await subscription.fetch(1, timeout=0.1):
                    await message.nak()
            await subscription.unsubscribe()
        except (nats.errors.Error, TimeoutError, OSError) as error:
            _log.warning("The job consumer was left untidily", action="consumer_close_failed", error=str(error))

    async def _subscribed(self) -> JetStreamContext.PullSubscription:
        durable = jobs_consumer(self._pool)
        try:
            await self._stream.consumer_info(STREAM, durable)
        except NotFoundError:
            await self._stream.add_consumer(STREAM, consumer_configuration(self._pool))
        self._subscription = await self._stream.pull_subscribe_bind(durable=durable, stream=STREAM)
        return self._subscription

    async def _unsubscribe(self) -> None:
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            try:
                await subscription.unsubscribe()
            except (nats.errors.Error, OSError) as error:
                _log.debug("A pull subscription was lost", action="unsubscribe_failed", error=str(error))


def consumer_configuration(pool: str) -> ConsumerConfig:
    """The pool's durable consumer. Deliveries are unlimited: the gateway itself ends every job."""
    return ConsumerConfig(
        name=jobs_consumer(pool),
        durable_name=jobs_consumer(pool),
        description=f"Jobs of the pool {pool}",
        filter_subject=every_run(JobRequested, pool),
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        max_deliver=-1,
        max_ack_pending=ACK_PENDING_MAX,
    )


async def _delivery(connection: Client, message: Msg) -> NatsDelivery | None:
    position = Position(message.metadata.sequence.stream)
    entry = decode(message.subject, position, message.headers or {}, message.data)
    if isinstance(entry, Recorded) and isinstance(entry.event, JobRequested):
        recorded = cast("Recorded[JobRequested]", entry)
        return NatsDelivery(connection, message, recorded, message.metadata.num_delivered or 1)
    _log.error("A job cannot be read and is passed over", action="job_unreadable", position=position)
    await message.term()
    return None
