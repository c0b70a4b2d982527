"""Gateway, ComfyUI, NATS and projector are killed at random moments, also while they start or work goes on elsewhere.

`bench/kill_soak.py` does the same 200 times and measures how soon work goes on.
"""

from __future__ import annotations

import random

import pytest
from fixtures.aftermath import breaches_of
from fixtures.kills import KILLED, QUICK, kill_at_random
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import running_stack

KILLS = 8
MEAN_PAUSE_SECONDS = 1.5
WAIT_SECONDS = 300


@pytest.mark.timeout(900)
async def test_random_kills_lose_nothing_double_nothing_and_blame_nobody() -> None:
    async with running_stack(**QUICK) as stack:
        run_id = await stack.start_run(await stack.define_pipeline(*portrait()), n=2, t=1000, variables=VARIABLES)
        await stack.wait_for_more_images(run_id, WAIT_SECONDS)
        kills = await kill_at_random(
            stack, KILLED, kills=KILLS, mean_pause_seconds=MEAN_PAUSE_SECONDS, chance=random.Random(6)
        )
        assert {kill.name for kill in kills} == set(KILLED)
        await stack.wait_for_more_images(run_id, WAIT_SECONDS)
        await stack.complete(run_id, WAIT_SECONDS)
        assert await breaches_of(stack, [run_id]) == []
