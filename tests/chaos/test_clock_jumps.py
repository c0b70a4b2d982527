"""The clock of all services jumps ahead and back while a run is on: order, leases and waits do not depend on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fixtures.aftermath import breaches_of
from fixtures.kills import QUICK
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import running_stack
from fixtures.voter import vote_persistently

WAIT_SECONDS = 150
JUMPS = ("+2d", "-1d", "+0")
VOTES = 1


def false_clock(offset: Path) -> dict[str, str]:
    """The variables under which programs take the time from `offset`, read anew each second."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    assert library is not None, "these tests need faketime"
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


@pytest.mark.timeout(600)
async def test_a_run_goes_on_whatever_the_clock_says(tmp_path: Path) -> None:
    offset = tmp_path / "offset"
    offset.write_text("+0")
    async with running_stack(**QUICK, **false_clock(offset)) as stack:
        run_id = await stack.start_run(await stack.define_pipeline(*portrait()), n=2, t=1000, variables=VARIABLES)
        await stack.wait_for_more_images(run_id, WAIT_SECONDS)
        votes = set[str]()
        for jump in JUMPS:
            offset.write_text(jump)
            votes |= await vote_persistently(stack, run_id, VOTES, voter=f"voter {jump}")
            await stack.wait_for_more_images(run_id, WAIT_SECONDS)
        await stack.complete(run_id, WAIT_SECONDS)
        assert await breaches_of(stack, [run_id]) == []
        assert {vote["vote_id"] for vote in await stack.pages("/api/votes", run_id=run_id)} == votes
        times = [datetime.fromisoformat(event["time"]) for event in await stack.pages("/api/events", run_id=run_id)]
        assert max(times) - min(times) > timedelta(days=2.5), "the clock did not jump"
