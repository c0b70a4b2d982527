"""Questions that come while others are being answered wait for that, and are then asked as one.

A single question is asked at once. The busier the API is, the fewer queries a question costs, and half of what a query
costs the API is sending it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Final, Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

TOGETHER_MAX: Final = 100
REST_SECONDS: Final = 0.004
"""Between two queries, while several ask at once: what comes meanwhile goes with the next one."""


class Gathered(Generic[Question, Answer]):
    """`ask` answers up to `together_max` questions in their order. What it raises is raised to all who asked with it,
    so a question has to be one that the database can take."""

    def __init__(
        self, ask: Callable[[Sequence[Question]], Awaitable[Sequence[Answer]]], *, together_max: int = TOGETHER_MAX
    ) -> None:
        self._ask = ask
        self._together_max = together_max
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def answer(self, question: Question) -> Answer:
        """As of a moment after the call. Raises what `ask` raises."""
        turn: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, turn))
        if self._asking is None:
            # In a context of its own: it goes on for others than who happens to be first.
            self._asking = asyncio.create_task(self._ask_all(), name="ask-together", context=Context())
        return await turn

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                turns = self._waiting[: self._together_max]
                del self._waiting[: self._together_max]
                await self._ask_together(turns)
                if len(turns) > 1:
                    await asyncio.sleep(REST_SECONDS)
        finally:
            self._asking = None

    async def _ask_together(self, turns: Sequence[tuple[Question, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._ask([question for question, _ in turns])
            answered = [*zip(turns, answers, strict=True)]
        except Exception as error:
            for _, turn in turns:
                if not turn.done():
                    turn.set_exception(error)
            return
        for (_, turn), answer in answered:
            if not turn.done():
                turn.set_result(answer)
