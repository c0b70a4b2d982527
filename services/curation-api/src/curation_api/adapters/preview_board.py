"""The newest unfinished picture of each job, in a bucket that forgets after half a minute."""

from __future__ import annotations

import asyncio
from typing import Final

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js.kv import KeyValue

from carnival.contracts.ids import JobId
from carnival.contracts.subjects import PREVIEW_BUCKET
from carnival.log.errors import LogUnavailable

READ_SECONDS_MAX: Final = 3.0


class PreviewBoard:
    def __init__(self, connection: Client) -> None:
        self._connection = connection
        self._bucket: KeyValue | None = None

    async def newest(self, job_id: JobId) -> bytes | None:
        """A JPEG or PNG file, None if there is none now. Raises LogUnavailable."""
        try:
            async with asyncio.timeout(READ_SECONDS_MAX):
                if self._bucket is None:
                    self._bucket = await self._connection.jetstream().key_value(PREVIEW_BUCKET)
                return (await self._bucket.get(job_id)).value or None
        except nats.js.errors.KeyNotFoundError:
            return None
        except (TimeoutError, nats.errors.Error, OSError) as error:
            raise LogUnavailable("the bucket of previews does not answer") from error
