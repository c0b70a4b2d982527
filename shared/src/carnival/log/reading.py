"""Ordered reading of the log, every gap noticed.

The caller's position is the only state: whatever goes wrong (server restarted, consumer forgotten, message dropped by
the client), a fresh consumer is created behind the last entry that was handed out.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar

import nats.errors
import structlog
from nats.aio.client import Client

from carnival.contracts.ids import Position
from carnival.contracts.subjects import EVERYTHING
from carnival.log.errors import LogGap
from carnival.log.port import Wanted
from carnival.log.pulling import Arrived, Pull, SourceLost

PAUSE_FIRST_SECONDS: Final = 0.05
PAUSE_MAX_SECONDS: Final = 1.0
FRUITLESS_MAX: Final = 5

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class NatsReading(Generic[T]):
    """One reader on one connection. Iterate `batches()` once.

    `read_as` makes an entry of a message's subject, position, headers and body. What is on subjects that are not
    `wanted` is passed over.
    """

    def __init__(
        self,
        connection: Client,
        after: Position,
        subjects: Sequence[str],
        batch_max: int,
        read_as: Callable[[str, Position, Mapping[str, str], bytes], T],
        wanted: Wanted | None = None,
    ) -> None:
        self._read_as = read_as
        self._connection = connection
        self._position = after
        self._subjects = tuple(subjects)
        self._contiguous = EVERYTHING in self._subjects
        self._batch_max = batch_max
        self._wanted = wanted
        self._fruitless = 0

    async def batches(self, until: Position | None = None) -> AsyncGenerator[Sequence[T]]:
        """Batches of entries; ends once `until` is reached, runs for ever without it. Raises LogGap."""
        pause = PAUSE_FIRST_SECONDS
        while until is None or self._position < until:
            source = Pull(self._connection, self._position, self._subjects, self._batch_max, self._wanted)
            try:
                await source.open()
                async for batch in self._drain(source):
                    pause = PAUSE_FIRST_SECONDS
                    if batch:
                        yield batch
                    if until is not None and (self._position >= until):
                        return
            except (SourceLost, nats.errors.Error, OSError) as error:
                _log.info(
                    "Reading the log starts anew", action="reader_restarts", reason=str(error) or type(error).__name__
                )
            finally:
                await source.close()
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_MAX_SECONDS)

    async def _drain(self, source: Pull) -> AsyncGenerator[Sequence[T]]:
        """What has come, again and again; an empty batch if all of it was passed over."""
        begun = self._position
        while True:
            batch: list[T] = []
            before = self._position
            gap: Arrived | None = None
            for message in await source.take():
                dropped = message.consumer_sequence != message.consumer_expected
                if dropped or (self._contiguous and message.position != begun + message.consumer_sequence):
                    gap = message
                    break
                self._position = message.position
                if not message.passed:
                    batch.append(self._read_as(message.subject, message.position, message.headers, message.body))
            if self._position != before:
                self._fruitless = 0
                yield batch
            if gap is not None:
                self._start_over(gap)

    def _start_over(self, gap: Arrived) -> None:
        """A dropped message comes again from a fresh consumer; one that is gone for good does not."""
        self._fruitless += 1
        if self._fruitless > FRUITLESS_MAX:
            raise LogGap(f"entry {self._position + 1} is missing from the log; the next one is {gap.position}")
        raise SourceLost(f"the entry behind {self._position} was dropped, {gap.position} came")
