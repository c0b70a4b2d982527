"""What one listener is sent: the changes behind its position, and beside them the notices it asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from carnival.contracts.ids import Position
from curation_api.adapters.bell import rung
from curation_api.adapters.change_feed import ChangeFeed
from curation_api.adapters.changes import ChangeFilter
from curation_api.adapters.notice_feed import NoticeFeed
from curation_api.adapters.notices import NoticeFilter


@dataclass(frozen=True, slots=True)
class Listening:
    """Both feeds, and how often a listener hears that there is nothing."""

    changes: ChangeFeed
    notices: NoticeFeed
    heartbeat_seconds: float

    def __call__(self, after: Position, wanted: ChangeFilter, beside: NoticeFilter) -> AsyncGenerator[bytes]:
        """Server-sent events for ever: all changes behind `after`, and notices from this call on.

        What there is at one time is one piece. Heartbeats move the position on.
        """
        return self._pieces(after, self.notices.turn, wanted, beside)

    async def _pieces(
        self, position: Position, turn: int, wanted: ChangeFilter, beside: NoticeFilter
    ) -> AsyncGenerator[bytes]:
        clock = asyncio.get_running_loop().time
        bells = (self.changes.bell, self.notices.bell) if beside.kinds else (self.changes.bell,)
        due = clock() + self.heartbeat_seconds
        while True:
            if not self.changes.is_kept(position):
                async with aclosing(self.changes.from_the_log(position, wanted)) as batches:
                    async for sent in batches:
                        position = sent.position
                        yield sent.data or heartbeat(position)
                continue
            position, data = self.changes.behind(position, wanted)
            if beside.kinds:
                turn, told = self.notices.behind(turn, beside)
                data += told
            if not data and (position < self.changes.position or await rung(*bells, within=due - clock())):
                continue
            yield data or heartbeat(position)
            due = clock() + self.heartbeat_seconds


def heartbeat(position: Position) -> bytes:
    return f": heartbeat\nid: {position}\n\n".encode()
