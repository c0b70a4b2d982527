"""Notices for everybody who watches: the newest about each thing, and any number of listeners.

As with changes a listener owns no queue: it asks for what was told since it last asked, and who is slow finds the
newest only. What listeners at one place want alike is put together once.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final, NamedTuple

from carnival.concurrency import end_tasks
from curation_api.adapters.bell import Bell
from curation_api.adapters.notices import Notice, NoticeFilter, NoticeKind

KEPT_MAX: Final = 10_000
CALM_SECONDS: Final = 0.2

Subject = tuple[NoticeKind, str]


class _Kept(NamedTuple):
    turn: int
    notice: Notice


class Told(NamedTuple):
    """Text for a listener, and how far it has come with it."""

    turn: int
    data: bytes


class NoticeFeed:
    """Keeps what was told last of the `kept_max` things that were heard of last."""

    def __init__(self, *, kept_max: int = KEPT_MAX) -> None:
        self._kept_max = kept_max
        self._fresh: dict[Subject, Notice] = {}
        self._kept: OrderedDict[Subject, _Kept] = OrderedDict()
        self._turn = 0
        self._told: dict[tuple[int, NoticeFilter], Told] = {}
        self._something = asyncio.Event()
        self.bell = Bell(CALM_SECONDS)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._publish(), name="publish-notices")]

    async def stop(self) -> None:
        await end_tasks(self._tasks)

    def tell(self, notice: Notice) -> None:
        """What was to be told about the same and is not told yet is forgotten."""
        self._fresh[notice.kind, notice.about] = notice
        self._something.set()

    @property
    def turn(self) -> int:
        """Where a listener stands for whom there is nothing but what comes from now on."""
        return self._turn

    def behind(self, seen: int, wanted: NoticeFilter) -> Told:
        """What was told since the turn `seen` and is wanted; put together once for all who stand there and want it."""
        if seen == self._turn:
            return Told(seen, b"")
        found = self._told.get((seen, wanted))
        if found is None:
            texts: list[str] = []
            for kept in reversed(self._kept.values()):
                if kept.turn <= seen:
                    break
                if wanted.takes(kept.notice):
                    texts.append(kept.notice.text)
            found = self._told[seen, wanted] = Told(self._turn, "".join(reversed(texts)).encode())
        return found

    async def _publish(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            fresh, self._fresh = self._fresh, {}
            self._turn += 1
            for subject, notice in fresh.items():
                self._kept[subject] = _Kept(self._turn, notice)
                self._kept.move_to_end(subject)
            while len(self._kept) > self._kept_max:
                self._kept.popitem(last=False)
            self._told.clear()
            await self.bell.ring()
