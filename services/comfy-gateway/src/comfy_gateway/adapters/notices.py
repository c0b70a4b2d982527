"""Presence and previews in buckets with expiry, progress as plain messages. All may get lost without harm."""

from __future__ import annotations

import nats.errors
import structlog
from nats.aio.client import Client
from nats.js.errors import KeyNotFoundError, NoStreamResponseError
from nats.js.kv import KeyValue

from carnival.contracts.ids import JobId
from carnival.contracts.notices import JobProgress, NodePresence
from carnival.contracts.subjects import PRESENCE_BUCKET, PREVIEW_BUCKET, PROGRESS
from carnival.log.errors import LogError
from carnival.log.stream import ensure_buckets

_log = structlog.get_logger(__name__)


class NatsNoticeBoard:
    """Implements `NoticeBoard`. The bucket exists (see `ensure_buckets`)."""

    def __init__(self, connection: Client) -> None:
        self._connection = connection
        self._bucket: KeyValue | None = None

    async def progress(self, notice: JobProgress) -> None:
        try:
            await self._connection.publish(PROGRESS, notice.model_dump_json().encode())
        except (nats.errors.Error, OSError) as error:
            _log.debug("Progress was not published", action="progress_failed", error=str(error))

    async def preview(self, job_id: JobId, image: bytes) -> None:
        subject = f"$KV.{PREVIEW_BUCKET}.{job_id}"
        try:
            await self._connection.publish(subject, image)
        except (nats.errors.Error, OSError) as error:
            _log.debug("A preview was not published", action="preview_failed", job_id=job_id, error=str(error))

    async def presence(self, notice: NodePresence) -> None:
        try:
            try:
                await self._put(notice)
            except NoStreamResponseError:
                # The bucket lives in memory: after a restart of the server it has to be made again.
                await ensure_buckets(self._connection)
                await self._put(notice)
        except (nats.errors.Error, LogError, OSError, TimeoutError) as error:
            _log.warning("Presence was not announced", action="presence_failed", node=notice.node, error=str(error))

    async def leave(self, notice: NodePresence) -> None:
        try:
            bucket = await self._opened()
            await bucket.delete(notice.key)
        except KeyNotFoundError:
            return
        except (nats.errors.Error, OSError, TimeoutError) as error:
            _log.warning("Presence was not withdrawn", action="presence_failed", node=notice.node, error=str(error))

    async def _put(self, notice: NodePresence) -> None:
        bucket = await self._opened()
        await bucket.put(notice.key, notice.model_dump_json().encode())

    async def _opened(self) -> KeyValue:
        if self._bucket is None:
            self._bucket = await self._connection.jetstream().key_value(PRESENCE_BUCKET)
        return self._bucket
