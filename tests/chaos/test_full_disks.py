"""One disk after the other is full: what was acknowledged stays, all else says what is wrong and goes on by itself once
there is room again.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from itertools import count

import httpx
import pytest
import pytest_asyncio
from fixtures.aftermath import breaches_of
from fixtures.kills import QUICK
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack, running_stack
from fixtures.voter import vote_persistently

from carnival.testing import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]

DISKS = {"nats": 64, "postgres": 256, "images": 32}
WAIT_SECONDS = 240
REFUSED_SECONDS = 60
NO_ROOM = "No space left on device"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack() -> AsyncGenerator[Stack]:
    async with running_stack(DISKS, **QUICK) as stack:
        yield stack


async def growing_run(stack: Stack) -> str:
    run_id = await stack.start_run(await stack.define_pipeline(*portrait()), n=3, t=1000, variables=VARIABLES)
    await stack.wait_for_run(run_id, lambda run: run["images"] >= 4, WAIT_SECONDS, "four images")
    return run_id


async def ended_well(stack: Stack, run_id: str) -> None:
    """It went on, nothing is lost or doubled, and nobody is blamed."""
    await stack.wait_for_more_images(run_id, WAIT_SECONDS)
    await stack.complete(run_id, WAIT_SECONDS)
    assert await breaches_of(stack, [run["run_id"] for run in await stack.pages("/api/runs")]) == []


async def cast(stack: Stack, run_id: str, voter: str) -> httpx.Response:
    pair = (await stack.get(f"/api/runs/{run_id}/next-pair", voter=voter))["pair"]
    sides = {f"{side}_id": pair[side]["candidate_id"] for side in ("left", "right")}
    vote = {**sides, "voter": voter, "outcome": "left"}
    return await stack.http.post("/api/votes", json=vote, timeout=REFUSED_SECONDS)


async def doctor_says(stack: Stack, words: str) -> bool:
    try:
        return words in await stack.carnival("doctor", expected=1)
    except AssertionError:
        return False


async def says(stack: Stack, service: str, words: str) -> bool:
    """Whether the log of a part names it."""
    return words in (stack.data / "logs" / f"{service}.log").read_text(errors="replace")


async def test_images_wait_for_room(stack: Stack) -> None:
    run_id, disk = await growing_run(stack), stack.disk("images")
    disk.fill()

    async def shown() -> str:
        [pool] = (await stack.get("/api/fleet"))["pools"]
        return pool["gateways"][0]["nodes"][0]["reason"]

    reason = await until(shown, WAIT_SECONDS, "a reason")
    assert reason == f"the image store does not work: {NO_ROOM}"
    assert (await cast(stack, run_id, "ada")).status_code in {201, 202}
    disk.free()
    await ended_well(stack, run_id)


async def test_the_read_model_waits_for_room(stack: Stack) -> None:
    run_id, disk = await growing_run(stack), stack.disk("postgres")
    disk.fill()

    async def refused() -> bool:
        """What Postgres gives up, such as its oldest log, is taken at once."""
        disk.fill()
        return await says(stack, "projector", NO_ROOM)

    await until(refused, WAIT_SECONDS, "the projector's word", every=0.5)
    vote = await cast(stack, run_id, "ada")
    assert vote.status_code in {201, 202}, vote.text
    disk.free()
    await stack.wait_for_run(run_id, lambda run: run["votes"] == 1, WAIT_SECONDS, "the vote")
    await ended_well(stack, run_id)


async def test_the_log_waits_for_room(stack: Stack) -> None:
    run_id, disk = await growing_run(stack), stack.disk("nats")
    acknowledged = await vote_persistently(stack, run_id, 1)
    disk.fill()
    voters = count()

    async def refusal() -> str | None:
        """The last page of a file may have room for some more."""
        answer = await cast(stack, run_id, f"voter {next(voters)}")
        if answer.status_code == 503:
            return answer.json()["type"]
        acknowledged.add(answer.json()["id"])
        return None

    assert await until(refusal, WAIT_SECONDS, "a refusal") == "/problems/log-unavailable"
    await until(lambda: doctor_says(stack, "write error"), WAIT_SECONDS, "the doctor's word", every=0.5)
    disk.free()
    acknowledged |= await vote_persistently(stack, run_id, 1, voter="bob")
    await ended_well(stack, run_id)
    counted = [vote["vote_id"] for vote in await stack.pages("/api/votes", run_id=run_id)]
    assert acknowledged <= set(counted)
    assert len(counted) == len(set(counted))
