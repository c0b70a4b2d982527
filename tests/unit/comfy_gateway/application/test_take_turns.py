"""Turns at one server."""

from __future__ import annotations

import asyncio

import pytest

from carnival.contracts.ids import JobId
from comfy_gateway.application.take_turns import Turns

A, B, C = JobId("a"), JobId("b"), JobId("c")


async def waiting(turns: Turns, job_id: JobId, *, first: bool = False) -> asyncio.Task[bool]:
    task = asyncio.create_task(turns.take(job_id, first=first))
    await asyncio.sleep(0)
    return task


async def test_the_next_in_line_gets_the_slot_that_was_given() -> None:
    turns = Turns(1)
    assert await turns.take(A)
    second, third = await waiting(turns, B), await waiting(turns, C)
    assert not second.done()
    turns.give(A)
    turns.give(A)
    assert await second
    assert not third.done()
    turns.give(B)
    assert await third


async def test_one_that_comes_first_overtakes_the_line() -> None:
    turns = Turns(1)
    await turns.take(A)
    second, third = await waiting(turns, B), await waiting(turns, C, first=True)
    turns.give(A)
    assert await third
    turns.give(C)
    assert await second


async def test_a_withdrawn_job_gets_no_turn_and_holds_nobody_up() -> None:
    turns = Turns(1)
    await turns.take(A)
    second, third = await waiting(turns, B), await waiting(turns, C)
    turns.withdraw(B)
    assert await second is False
    turns.give(A)
    assert await third


async def test_a_cancelled_wait_gives_the_slot_on() -> None:
    turns = Turns(1)
    await turns.take(A)
    second, third = await waiting(turns, B), await waiting(turns, C)
    turns.give(A)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert await third


async def test_closed_turns_are_refused() -> None:
    turns = Turns(1)
    await turns.take(A)
    second = await waiting(turns, B)
    turns.close()
    assert await second is False
    assert await turns.take(C) is False


async def test_a_seized_slot_counts_even_beyond_the_limit() -> None:
    turns = Turns(1)
    await turns.take(A)
    turns.seize(B)
    third = await waiting(turns, C)
    turns.give(A)
    assert not third.done()
    turns.give(B)
    assert await third
    assert turns.holders == 1
