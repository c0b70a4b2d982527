"""Each process is killed at random moments while a run is on; the run ends as if nothing had happened."""

from __future__ import annotations

import asyncio
import random

import pytest
from fixtures.aftermath import breaches_of
from fixtures.kills import QUICK
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import running_stack
from fixtures.voter import vote_persistently

VOTES = 12
PROGRESS_SECONDS = 150
RUN_SECONDS = 300
KILLED = ("nats", "postgres", "projector", "selector", "comfy-gateway", "curation-api", "comfy-stub")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1])
async def test_a_run_survives_the_death_of_every_process(seed: int) -> None:
    order = [*KILLED]
    random.Random(seed).shuffle(order)
    async with running_stack(**QUICK) as stack:
        run_id = await stack.start_run(await stack.define_pipeline(*portrait()), n=2, t=8, variables=VARIABLES)
        voting = asyncio.create_task(vote_persistently(stack, run_id, VOTES))
        for name in order:
            await stack.wait_for_more_images(run_id, PROGRESS_SECONDS)
            await stack.kill(name)
        await stack.wait_for_run(run_id, lambda run: run["finals"] >= 8, seconds=RUN_SECONDS, what="eight finals")
        votes = await asyncio.wait_for(voting, RUN_SECONDS)
        await stack.complete(run_id, RUN_SECONDS)
        assert await breaches_of(stack, [run_id]) == []
        counted = await stack.pages("/api/votes", run_id=run_id, voter="ada")
        assert {vote["vote_id"] for vote in counted} == votes
        assert (await stack.run(run_id))["votes"] == len(votes) == VOTES
        before = await stack.digest()
        await stack.rebuild()
        after = await stack.digest()
        assert (after["position"], after["digest"]) == (before["position"], before["digest"])
