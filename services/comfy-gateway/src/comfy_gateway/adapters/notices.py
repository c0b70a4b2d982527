"""Presence, capabilities and previews in buckets with expiry, progress as messages. All may get lost without harm."""

from __future__ import annotations

import nats.errors
import structlog
from nats.aio.client import Client
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue

from carnival.contracts.ids import JobId
from carnival.contracts.notices import JobProgress, NodePresence
from carnival.contracts.subjects import CAPABILITIES_BUCKET, PRESENCE_BUCKET, PREVIEW_BUCKET, PROGRESS

_LOST = (nats.errors.Error, OSError, TimeoutError)

_log = structlog.get_logger(__name__)


class NatsNoticeBoard:
    """Implements `NoticeBoard`. Other services make the buckets, also anew after a restart of the server, which forgets
    them: until then nothing is announced."""

    def __init__(self, connection: Client) -> None:
        self._connection = connection
        self._buckets: dict[str, KeyValue] = {}

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
            await (await self._opened(PRESENCE_BUCKET)).put(notice.key, notice.model_dump_json().encode())
        except _LOST as error:
            _log.warning("Presence was not announced", action="presence_failed", node=notice.node, error=str(error))

    async def leave(self, notice: NodePresence) -> None:
        await self._delete(PRESENCE_BUCKET, notice.key)

    async def capabilities(self, key: str, packed: bytes) -> None:
        try:
            await (await self._opened(CAPABILITIES_BUCKET)).put(key, packed)
        except _LOST as error:
            _log.warning("Capabilities were not announced", action="capabilities_failed", key=key, error=str(error))

    async def forget_capabilities(self, key: str) -> None:
        await self._delete(CAPABILITIES_BUCKET, key)

    async def _delete(self, bucket: str, key: str) -> None:
        try:
            await (await self._opened(bucket)).delete(key)
        except KeyNotFoundError:
            return
        except _LOST as error:
            _log.warning("An announcement was not withdrawn", action="withdraw_failed", key=key, error=str(error))

    async def _opened(self, bucket: str) -> KeyValue:
        if bucket not in self._buckets:
            self._buckets[bucket] = await self._connection.jetstream().key_value(bucket)
        return self._buckets[bucket]
