"""The right to choose: a key in a bucket whose entries expire, written with compare-and-set."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import nats.errors
import nats.js.errors
import structlog
from nats.aio.client import Client
from nats.js.kv import KeyValue

from carnival.contracts.subjects import LEASE_BUCKET
from carnival.log.errors import LogError
from carnival.log.stream import LEASE_TTL_SECONDS, ensure_buckets

KEY: Final = "selector"
REFRESH_SECONDS: Final = 1.5
ANSWER_SECONDS: Final = 1.0
MARGIN_SECONDS: Final = 0.5
"""A holder stops this long before another could begin."""

_log = structlog.get_logger(__name__)


class KeyValueLease:
    """Implements `Lease`. `run` keeps it; `on_taken` is called when this replica gets it."""

    def __init__(self, connection: Client, holder: str, on_taken: Callable[[], None]) -> None:
        self._connection = connection
        self._holder = holder
        self._on_taken = on_taken
        self._bucket: KeyValue | None = None
        self._revision: int | None = None
        self._held_until = 0.0
        self._term = 0

    @property
    def held(self) -> bool:
        return time.monotonic() < self._held_until

    @property
    def term(self) -> int:
        return self._term

    async def run(self) -> None:
        """Take the lease when it is free, refresh it while it is ours. Never returns; gives it back when cancelled."""
        try:
            while True:
                await self._attempt()
                await asyncio.sleep(REFRESH_SECONDS)
        finally:
            await self._give_back()

    async def _attempt(self) -> None:
        began = time.monotonic()
        try:
            bucket = await self._open_bucket()
            if self._revision is None:
                self._revision = await bucket.create(KEY, self._holder.encode())
            else:
                self._revision = await bucket.update(KEY, self._holder.encode(), last=self._revision)
            self._hold_from(began)
        except nats.js.errors.KeyWrongLastSequenceError:
            await self._recognise()
        except (nats.js.errors.NotFoundError, nats.js.errors.NoStreamResponseError):
            self._lose("its bucket is gone")
        except (nats.errors.Error, nats.js.errors.Error, LogError, OSError) as error:
            self._bucket = None
            if not self.held:
                self._lose(str(error) or type(error).__name__)

    async def _recognise(self) -> None:
        """An answer that got lost leaves an entry of ours with a revision we do not know."""
        try:
            entry = await (await self._open_bucket()).get(KEY)
        except (nats.errors.Error, nats.js.errors.Error, LogError, OSError) as error:
            return self._lose(str(error) or type(error).__name__)
        if entry.value != self._holder.encode():
            return self._lose("somebody else holds it")
        self._revision = entry.revision
        return None

    async def _open_bucket(self) -> KeyValue:
        """The bucket lives in memory: after a restart of the server it is made anew."""
        if self._bucket is None:
            await ensure_buckets(self._connection)
            self._bucket = await self._connection.jetstream(timeout=ANSWER_SECONDS).key_value(LEASE_BUCKET)
        return self._bucket

    def _hold_from(self, began: float) -> None:
        anew = not self.held
        self._held_until = began + LEASE_TTL_SECONDS - MARGIN_SECONDS
        if anew:
            self._term += 1
            _log.info("Lease taken", action="lease_taken", holder=self._holder, term=self._term)
            self._on_taken()

    def _lose(self, reason: str) -> None:
        if self._revision is not None:
            _log.warning("Lease lost", action="lease_lost", holder=self._holder, reason=reason)
        self._revision = None
        self._held_until = 0.0
        self._bucket = None

    async def _give_back(self) -> None:
        revision, bucket = self._revision, self._bucket
        self._revision, self._held_until = None, 0.0
        if revision is not None and bucket is not None:
            with suppress(nats.errors.Error, nats.js.errors.Error, OSError):
                await bucket.delete(KEY, last=revision)
