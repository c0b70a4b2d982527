"""Notices over plain NATS."""

from __future__ import annotations

import nats.errors
import structlog
from nats.aio.client import Client

from carnival.contracts.notices import Projected, WorkProgress
from carnival.contracts.subjects import PROJECTED, WORK_BUCKET

_log = structlog.get_logger(__name__)


class NatsNotices:
    """Implements `Notices` and `WorkNotices`.

    A notice that cannot be sent is lost: listeners read the checkpoint now and then anyway.
    """

    def __init__(self, connection: Client) -> None:
        self._connection = connection

    async def projected(self, notice: Projected) -> None:
        await self._send(PROJECTED, notice.model_dump_json().encode())

    async def under_way(self, progress: WorkProgress) -> None:
        await self._send(f"$KV.{WORK_BUCKET}.{progress.key}", progress.model_dump_json().encode())

    async def over(self, kind: str, identity: str) -> None:
        await self._send(f"$KV.{WORK_BUCKET}.{kind}.{identity}", b"", headers={"KV-Operation": "DEL"})

    async def _send(self, subject: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            await self._connection.publish(subject, body, headers=headers)
        except (nats.errors.Error, OSError) as error:
            _log.warning("A notice was lost", action="notice_lost", subject=subject, error=str(error))
