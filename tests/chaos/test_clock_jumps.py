"""The clock jumps ahead and back by days while people vote and pictures are made: nothing is lost or doubled, nobody
waits for the time to come again, and the order of events is that of their positions.

NATS keeps the right time meanwhile, so the services also disagree with it by days.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from fixtures.aftermath import breaches_of
from fixtures.kills import QUICK
from fixtures.moved_clock import moved_clock
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack, running_stack
from fixtures.voter import vote_persistently

from carnival.testing import until

WAIT_SECONDS = 120
JUMPS = (timedelta(days=3), timedelta(days=-3), timedelta(0))


async def shown_slots(stack: Stack) -> int:
    """Of the servers that the API and the selector know to be there."""
    return sum(pool["slots"] for pool in (await stack.get("/api/fleet"))["pools"])


async def opens(stack: Stack, token: str) -> bool:
    answer = await stack.http.get("/api/runs", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in {200, 401}, answer.text
    return answer.status_code == 200


@pytest.mark.timeout(600)
async def test_a_run_goes_on_whatever_the_clock_says() -> None:
    with moved_clock() as clock:
        async with running_stack(**QUICK, **clock.environment) as stack:
            run_id = await stack.start_run(await stack.define_pipeline(*portrait()), n=3, t=1000, variables=VARIABLES)
            tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
            issued = await stack.post("/api/tokens", {"name": "bea", "role": "voter", "expires_at": tomorrow})
            votes = await vote_persistently(stack, run_id, 1)
            for jump in JUMPS:
                clock.set(jump)
                votes |= await vote_persistently(stack, run_id, 2, voter=f"voter {jump.days}")
                await stack.wait_for_more_images(run_id, WAIT_SECONDS)
                await until(lambda: shown_slots(stack), WAIT_SECONDS, "a server that is there", every=0.2)
                assert await opens(stack, issued["token"]) is (jump < timedelta(days=1))
            await stack.complete(run_id, WAIT_SECONDS)
            assert await breaches_of(stack, [run_id]) == []
            counted = [vote["vote_id"] for vote in await stack.pages("/api/votes", run_id=run_id)]
            assert sorted(counted) == sorted(votes)
            await in_order(stack, run_id)


async def in_order(stack: Stack, run_id: str) -> None:
    events = await stack.pages("/api/events", run_id=run_id, limit=500)
    assert all(one["position"] < other["position"] for one, other in pairwise(events))
    steps = [
        datetime.fromisoformat(other["time"]) - datetime.fromisoformat(one["time"]) for one, other in pairwise(events)
    ]
    assert max(steps) > timedelta(days=2.5), "the clock did not jump ahead"
    assert min(steps) < timedelta(days=-5.5), "the clock did not jump back"
