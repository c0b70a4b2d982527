"""Work that several sessions share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from projector.adapters.sharing_out import share_out

Piece = Callable[[str], Awaitable[None]]


async def test_each_takes_the_next_piece_when_its_last_one_is_done() -> None:
    done, last = list[tuple[str, int]](), asyncio.Event()

    def piece(number: int) -> Piece:
        async def work(session: str) -> None:
            if number == 0:
                await last.wait()
            if number == 3:
                last.set()
            done.append((session, number))

        return work

    await share_out(map(piece, range(4)), ["a", "b"])
    assert done == [("b", 1), ("b", 2), ("b", 3), ("a", 0)]


async def test_an_error_comes_out_once_nothing_goes_on_any_more_and_nothing_is_begun_after_it() -> None:
    done, failed = list[str](), asyncio.Event()

    async def goes_on(session: str) -> None:
        await failed.wait()
        await asyncio.sleep(0)
        done.append(session)

    async def fails(session: str) -> None:
        failed.set()
        raise KeyError(session)

    async def never(session: str) -> None:
        done.append(f"{session} began anew")

    with pytest.raises(KeyError, match="b"):
        await share_out([goes_on, fails, never, never], ["a", "b"])
    assert done == ["a"]


async def test_cancelled_it_leaves_nothing_behind() -> None:
    begun, ended = asyncio.Semaphore(0), list[str]()

    async def lasts(session: str) -> None:
        begun.release()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(session)

    sharing = asyncio.create_task(share_out([lasts] * 5, ["a", "b"]))
    await begun.acquire()
    await begun.acquire()
    sharing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sharing
    assert sorted(ended) == ["a", "b"]
