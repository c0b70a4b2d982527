"""Random SIGKILLs to gateway, ComfyUI's stand-in, NATS and projector while runs are on; then all is counted again.

    python bench/kill_soak.py [--kills 200] [--seed 1] [--mean-pause 5] [--seconds-per-image 0.3]

The supervisor of `carnival up` starts what was killed again, after 0.2 s, and after up to 5 s when it dies young. Some
runs reach their target under the kills, one goes on to the end. Then the log is recounted by code that shares nothing
with the product (`tests/fixtures/audit.py`), and the images on disk are held against it.

Prints each breach, and how long after a kill the log had a new submission or image; exits with 1 on a breach or a
missed goal. A kill of the projector stops no job that was asked for already, so `standstill_max_seconds`, the longest
time without any such event, says what the kills did together.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.aftermath import breaches_of
from fixtures.kills import KILLED, Kill, kill_at_random
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack, running_stack
from measuring.endless_run import start_endless_run
from measuring.figures import at_most, plain
from measuring.work_moments import seconds_to_work, work_moments

SHORT_RUNS = 3
SHORT_RUN_N = 2
SHORT_RUN_T = 12
WAIT_SECONDS = 600.0
P95_GOAL_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Soak:
    """What was killed when, what the audit found, when work was recorded, and how many images there are."""

    kills: list[Kill]
    breaches: list[str]
    moments: list[float]
    images: int


async def soak(stack: Stack, kills: int, mean_pause_seconds: float, chance: Random) -> Soak:
    pipeline_id = await stack.define_pipeline(*portrait())
    fields = {"n": SHORT_RUN_N, "t": SHORT_RUN_T, "variables": VARIABLES}
    short = [await stack.start_run(pipeline_id, **fields) for _ in range(SHORT_RUNS)]
    endless = await start_endless_run(stack)
    await stack.wait_for_more_images(endless, WAIT_SECONDS)
    done = await kill_at_random(stack, KILLED, kills=kills, mean_pause_seconds=mean_pause_seconds, chance=chance)
    await stack.wait_for_more_images(endless, WAIT_SECONDS)
    await stack.complete(endless, WAIT_SECONDS)
    for run_id in short:
        await stack.wait_for_run(run_id, lambda run: run["finals"] >= SHORT_RUN_T, WAIT_SECONDS, "all finals")
        await stack.complete(run_id, WAIT_SECONDS)
    runs = [*short, endless]
    return Soak(
        done,
        await breaches_of(stack, runs),
        await work_moments(stack.state()["nats_url"]),
        sum([(await stack.run(run_id))["images"] for run_id in runs]),
    )


def report(result: Soak) -> bool:
    """Whether nothing was breached and the goal is reached."""
    for breach in result.breaches:
        print(f"BREACH {breach}")
    for name, count in sorted(Counter(kill.name for kill in result.kills).items()):
        plain(f"kills_of_{name}", count)
    plain("images", result.images)
    plain("breaches", len(result.breaches))
    times = [seconds_to_work(result.moments, kill.moment) for kill in result.kills]
    plain("to_work_again_median_seconds", median(times))
    in_time = at_most("to_work_again_p95_seconds", quantiles(times, n=20)[-1], P95_GOAL_SECONDS)
    plain("to_work_again_max_seconds", max(times))
    plain("standstill_max_seconds", max(later - earlier for earlier, later in pairwise(result.moments)))
    return in_time and not result.breaches


async def main(kills: int, seed: int, mean_pause_seconds: float, seconds_per_image: float) -> bool:
    async with running_stack(COMFY_STUB_SECONDS_PER_IMAGE=str(seconds_per_image)) as stack:
        return report(await soak(stack, kills, mean_pause_seconds, Random(seed)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mean-pause", type=float, default=5, help="seconds between two kills, on the average")
    parser.add_argument("--seconds-per-image", type=float, default=0.3)
    asked = parser.parse_args()
    good = asyncio.run(main(asked.kills, asked.seed, asked.mean_pause, asked.seconds_per_image))
    sys.exit(0 if good else 1)
