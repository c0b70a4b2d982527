"""Long work of the projector that is under way: entries in a bucket with expiry."""

from __future__ import annotations

import asyncio
from typing import Final

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from pydantic import ValidationError

from carnival.contracts.notices import WorkProgress
from carnival.contracts.subjects import WORK_BUCKET
from carnival.log.buckets import keys_in
from carnival.log.errors import LogUnavailable

READ_SECONDS_MAX: Final = 3.0
ENTRIES_MAX: Final = 100


class WorkBoard:
    def __init__(self, connection: Client) -> None:
        self._connection = connection

    async def under_way(self) -> list[WorkProgress]:
        """All work, by kind and id. What stopped without a word is gone after some seconds. Raises LogUnavailable."""
        try:
            async with asyncio.timeout(READ_SECONDS_MAX):
                return await self._read()
        except (TimeoutError, nats.errors.Error, OSError) as error:
            raise LogUnavailable("the bucket of running work does not answer") from error

    async def _read(self) -> list[WorkProgress]:
        bucket = await self._connection.jetstream().key_value(WORK_BUCKET)
        found: list[WorkProgress] = []
        for key in (await keys_in(self._connection, WORK_BUCKET))[:ENTRIES_MAX]:
            try:
                found.append(WorkProgress.model_validate_json((await bucket.get(key)).value or b""))
            except (nats.js.errors.KeyNotFoundError, ValidationError):
                continue
        return found
