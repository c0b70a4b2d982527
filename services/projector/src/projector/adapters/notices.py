"""Notices over plain NATS."""

from __future__ import annotations

from collections.abc import Sequence

import nats.errors
import structlog
from nats.aio.client import Client

from carnival.contracts.ids import Position
from carnival.contracts.notices import Projected, VoidNotice
from carnival.contracts.subjects import PROJECTED
from projector.domain.read_model import Void

_log = structlog.get_logger(__name__)


class NatsNotices:
    """Implements `Notices`. A notice that cannot be sent is lost: listeners read the checkpoint now and then anyway."""

    def __init__(self, connection: Client) -> None:
        self._connection = connection

    async def projected(self, position: Position, voids: Sequence[Void]) -> None:
        notice = Projected(
            position=position, voids=tuple(VoidNotice(position=void.position, reason=void.reason) for void in voids)
        )
        try:
            await self._connection.publish(PROJECTED, notice.model_dump_json().encode())
        except (nats.errors.Error, OSError) as error:
            _log.warning("A notice was lost", action="notice_lost", position=position, error=str(error))
