"""One consumer of the log: pulled from, without acknowledgements, fed to a queue."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import nats.errors
from nats.aio.client import Client
from nats.aio.subscription import Subscription

from carnival.contracts.ids import Position, fresh_id
from carnival.contracts.subjects import EVERYTHING, STREAM
from carnival.log.lean_client import subscribe_bare
from carnival.log.port import Wanted
from carnival.log.refusals import refusable

REQUEST_TIMEOUT_SECONDS: Final = 5.0
HEARTBEAT_SECONDS: Final = 1
SILENCE_MAX_SECONDS: Final = 2.5
PULL_EXPIRES_SECONDS: Final = 30
INACTIVE_SECONDS: Final = 60
HEARTBEAT: Final = "100"
ENDED_PULL: Final = frozenset({"404", "408"})
NANOSECONDS: Final = 1_000_000_000


class SourceLost(Exception):
    """This consumer is of no further use."""


class Arrived:
    """A delivered message with the sequences its reply subject carries. Of one that `passed` these are all there is."""

    __slots__ = ("body", "consumer_expected", "consumer_sequence", "headers", "passed", "position", "subject")

    def __init__(
        self,
        subject: str,
        reply: str,
        headers: Mapping[str, str],
        body: bytes,
        consumer_expected: int,
        *,
        passed: bool = False,
    ) -> None:
        tokens = reply.split(".")
        first = 5 if len(tokens) == 9 else 7
        self.subject = subject
        self.headers = headers
        self.body = body
        self.position = Position(int(tokens[first]))
        self.consumer_sequence = int(tokens[first + 1])
        self.consumer_expected = consumer_expected
        self.passed = passed


class Pull:
    """One ephemeral consumer, asked for two overlapping batches at most: that bounds what waits here.

    Of messages that pass, the newest reply subject is kept: its sequences speak for all of them.
    """

    def __init__(
        self,
        connection: Client,
        after: Position,
        subjects: Sequence[str],
        batch_max: int,
        wanted: Wanted | None,
    ) -> None:
        self._connection = connection
        self._after = after
        self._subjects = subjects
        self._batch_max = batch_max
        self._is_wanted = wanted
        self._passed: tuple[str, int] | None = None
        self._name = f"reader-{fresh_id()}"
        self._inbox = connection.new_inbox()
        self._waiting: deque[Arrived] = deque()
        self._sign = asyncio.Event()
        self._lost: SourceLost | None = None
        self._subscription: Subscription | None = None
        self._outstanding = 0
        self._received = 0

    async def open(self) -> None:
        passes = self._passes if self._is_wanted else None
        self._subscription = await subscribe_bare(self._connection, self._inbox, self._deliver, passes)
        config: dict[str, Any] = {
            "name": self._name,
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": self._after + 1,
            "ack_policy": "none",
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": INACTIVE_SECONDS * NANOSECONDS,
        }
        place = f"$JS.API.CONSUMER.CREATE.{STREAM}.{self._name}"
        if len(self._subjects) > 1:
            config["filter_subjects"] = list(self._subjects)
        elif self._subjects != (EVERYTHING,):
            # Named in the request's own subject too, a filter can be a matter of permission.
            config["filter_subject"] = self._subjects[0]
            place = f"{place}.{self._subjects[0]}"
        body = json.dumps({"stream_name": STREAM, "config": config}).encode()
        async with refusable(place):
            answer = await self._connection.request(place, body, timeout=REQUEST_TIMEOUT_SECONDS)
        error = json.loads(answer.data).get("error")
        if error:
            raise SourceLost(str(error.get("description", error)))

    async def take(self) -> list[Arrived]:
        """At least one message, and what else is there already, `batch_max` at the most; behind all that are there, the
        last that passed."""
        await self._ask_for_more()
        while not self._waiting and not self._passed:
            await self._hear()
            await self._ask_for_more()
        there = min(len(self._waiting), self._batch_max)
        messages = [self._waiting.popleft() for _ in range(there)]
        if self._passed and not self._waiting:
            (reply, received), self._passed = self._passed, None
            if not messages or messages[-1].consumer_expected < received:
                messages.append(Arrived("", reply, {}, b"", received, passed=True))
        return messages

    async def close(self) -> None:
        if self._subscription is not None:
            with suppress(nats.errors.Error, OSError):
                await self._subscription.unsubscribe()
        with suppress(nats.errors.Error, OSError):
            await self._connection.publish(f"$JS.API.CONSUMER.DELETE.{STREAM}.{self._name}")

    async def _hear(self) -> None:
        """Until the server gives a sign of life: a message, or a heartbeat. Raises SourceLost.

        A process that was held up (by a collection of garbage, or a busy machine) finds its time run out before it has
        looked at what the server sent meanwhile. So it looks before it calls that silence.
        """
        if self._lost is not None:
            raise self._lost
        self._sign.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(SILENCE_MAX_SECONDS):
                await self._sign.wait()
        if not self._sign.is_set():
            await self._connection.flush(timeout=int(REQUEST_TIMEOUT_SECONDS))
        if not self._sign.is_set():
            raise SourceLost("the server fell silent")

    def _deliver(self, subject: str, reply: str, headers: Mapping[str, str], body: bytes) -> None:
        status = headers.get("Status")
        if status is None:
            if self._is_wanted and self._passes(subject, reply):
                return
            self._received += 1
            self._outstanding -= 1
            self._waiting.append(Arrived(subject, reply, headers, body, self._received))
        elif status in ENDED_PULL:
            self._outstanding = 0
        elif status != HEARTBEAT:
            self._lost = SourceLost(f"{status} {headers.get('Description', '')}")
        self._sign.set()

    def _passes(self, subject: str, reply: str) -> bool:
        if self._is_wanted is None or self._is_wanted(subject):
            return False
        self._received += 1
        self._outstanding -= 1
        self._passed = (reply, self._received)
        self._sign.set()
        return True

    async def _ask_for_more(self) -> None:
        if self._outstanding + len(self._waiting) > self._batch_max:
            return
        request = {
            "batch": self._batch_max,
            "expires": PULL_EXPIRES_SECONDS * NANOSECONDS,
            "idle_heartbeat": HEARTBEAT_SECONDS * NANOSECONDS,
        }
        self._outstanding += self._batch_max
        await self._connection.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{self._name}", json.dumps(request).encode(), reply=self._inbox
        )
