"""Requests over several connections at once: as many as go, or so many a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from fixtures.stack import Stack

from measuring.http_line import Answer, HttpLine

CREATED = 201

Send = Callable[[HttpLine], Awaitable[Answer]]


class Unexpected(Exception):
    """An answer that makes the measurement worthless."""


@asynccontextmanager
async def opened_lines(stack: Stack, count: int) -> AsyncGenerator[list[HttpLine]]:
    token = (stack.data / "operator-token").read_text().strip()
    async with AsyncExitStack() as open_lines:
        yield [await open_lines.enter_async_context(HttpLine(stack.state()["api_url"], token)) for _ in range(count)]


def voting(votes: Iterator[dict[str, Any]]) -> Send:
    """Sends the next vote."""

    async def send(line: HttpLine) -> Answer:
        answer = await line.post("/api/votes", next(votes))
        if answer.status != CREATED:
            raise Unexpected(f"a vote was answered {answer.status}: {answer.body[:500]!r}")
        return answer

    return send


async def as_many_as_go(lines: list[HttpLine], send: Send, seconds: float) -> float:
    """Answers a second, each connection sending the next request when it has its answer."""
    end, answers = time.perf_counter() + seconds, 0

    async def go_on(line: HttpLine) -> None:
        nonlocal answers
        while time.perf_counter() < end:
            await send(line)
            answers += 1

    began = time.perf_counter()
    await asyncio.gather(*(go_on(line) for line in lines))
    return answers / (time.perf_counter() - began)


async def at_a_rate(lines: list[HttpLine], send: Send, per_second: float, seconds: float) -> list[float]:
    """Milliseconds from the moment a request was due to its answer, sorted: waiting for a connection counts."""
    began, each = time.perf_counter(), len(lines) / per_second
    times: list[float] = []

    async def keep_pace(number: int, line: HttpLine) -> None:
        due = began + each * number / len(lines)
        while due < began + seconds:
            await asyncio.sleep(max(0, due - time.perf_counter()))
            await send(line)
            times.append((time.perf_counter() - due) * 1000)
            due += each

    await asyncio.gather(*(keep_pace(number, line) for number, line in enumerate(lines)))
    return sorted(times)
