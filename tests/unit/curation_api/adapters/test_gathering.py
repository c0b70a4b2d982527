"""Questions that come while others are being answered are asked together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from curation_api.adapters.read_model.gathering import Gathered


class Database:
    """Doubles numbers when it is let; keeps what it was asked at once."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.let = asyncio.Semaphore(0)
        self.broken = False

    async def double(self, numbers: Sequence[int]) -> list[int]:
        self.asked.append([*numbers])
        await self.let.acquire()
        if self.broken:
            raise ConnectionError("gone")
        return [2 * number for number in numbers]


async def asking(gathered: Gathered[int, int], *numbers: int) -> list[asyncio.Task[int]]:
    """Each number asked, as far as it goes."""
    tasks = [asyncio.create_task(gathered.answer(number)) for number in numbers]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_who_comes_while_one_is_asked_is_asked_for_with_all_who_came() -> None:
    database = Database()
    gathered = Gathered(database.double, together_max=3)
    first = await asking(gathered, 1)
    later = await asking(gathered, 2, 3, 3, 4)
    for _ in range(3):
        database.let.release()
    assert await asyncio.gather(*first, *later) == [2, 4, 6, 6, 8]
    assert database.asked == [[1], [2, 3, 3], [4]]


async def test_an_error_is_for_those_who_were_asked_for_together() -> None:
    database = Database()
    gathered = Gathered(database.double)
    database.broken = True
    (first,) = await asking(gathered, 1)
    database.let.release()
    with pytest.raises(ConnectionError):
        await first
    database.broken = False
    (second,) = await asking(gathered, 2)
    database.let.release()
    assert await second == 4


async def test_who_leaves_takes_nobody_along() -> None:
    database = Database()
    gathered = Gathered(database.double)
    leaving, staying = [*await asking(gathered, 1), *await asking(gathered, 2)]
    leaving.cancel()
    database.let.release()
    database.let.release()
    assert await staying == 4
    assert leaving.cancelled()


async def test_answers_that_are_too_few_leave_nobody_waiting() -> None:
    async def none(_: Sequence[int]) -> list[int]:
        return []

    with pytest.raises(ValueError, match="shorter"):
        await Gathered(none).answer(1)
