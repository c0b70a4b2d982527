"""How far the read model has come, told by the projector's notices and, where one is lost, by the checkpoint itself."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from itertools import count

import psycopg
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from pydantic import ValidationError

from carnival.concurrency import end_tasks
from carnival.contracts.ids import Position
from carnival.contracts.notices import Projected
from carnival.contracts.subjects import PROJECTED
from curation_api.adapters.notices import Notice, projected_notice
from curation_api.adapters.read_model.told_verdicts import ToldVerdicts

POLL_SECONDS = 0.25

_log = structlog.get_logger(__name__)


class ProjectionWatch:
    """Implements `ports.Projection`. `checkpoint` reads the position the projector has committed.

    While anybody waits the checkpoint is read four times a second, once for all who wait. `tell` hears each position,
    `verdicts` what the notices say of single events.
    """

    def __init__(
        self,
        connection: Client,
        checkpoint: Callable[[], Awaitable[Position]],
        tell: Callable[[Notice], None],
        verdicts: ToldVerdicts,
    ) -> None:
        self._connection = connection
        self._checkpoint = checkpoint
        self._tell = tell
        self._verdicts = verdicts
        self._position = Position(0)
        self._waiting: list[tuple[Position, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._somebody_waits = asyncio.Event()
        self._subscription: Subscription | None = None
        self._poller: asyncio.Task[None] | None = None

    @property
    def position(self) -> Position:
        return self._position

    async def start(self) -> None:
        self._subscription = await self._connection.subscribe(PROJECTED, cb=self._on_notice)
        self._poller = asyncio.create_task(self._poll(), name="poll-checkpoint")
        await self._look()

    async def stop(self) -> None:
        if self._poller:
            await end_tasks([self._poller])
        if self._subscription and not self._connection.is_closed:
            await self._subscription.unsubscribe()

    async def reached(self, position: Position, seconds: float) -> bool:
        """Waits for `position`, `seconds` at the most; whether it was reached."""
        if position <= self._position:
            return True
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (position, next(self._numbers), turn))
        self._somebody_waits.set()
        try:
            async with asyncio.timeout(seconds):
                await turn
        except TimeoutError:
            return position <= self._position
        return True

    async def _on_notice(self, message: Msg) -> None:
        try:
            notice = Projected.model_validate_json(message.data)
        except ValidationError as error:
            _log.warning("A notice cannot be read", action="notice_unreadable", error=str(error)[:200])
            return
        self._verdicts.hear(notice)
        self._set(notice.position)

    async def _poll(self) -> None:
        while True:
            await self._somebody_waits.wait()
            await asyncio.sleep(POLL_SECONDS)
            if self._waiting:
                await self._look()
                self._forget_gone()
            else:
                self._somebody_waits.clear()

    async def _look(self) -> None:
        try:
            position = await self._checkpoint()
        except psycopg.Error as error:
            _log.warning("The checkpoint cannot be read", action="checkpoint_unreadable", error=str(error))
            return
        if position > self._position:
            self._set(position)

    def _set(self, position: Position) -> None:
        """A notice may also lower the position: the read model was dropped and is being folded again."""
        self._position = position
        self._tell(projected_notice(position))
        while self._waiting and (self._waiting[0][0] <= position or self._waiting[0][2].done()):
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)

    def _forget_gone(self) -> None:
        self._waiting = [entry for entry in self._waiting if not entry[2].done()]
        heapq.heapify(self._waiting)
