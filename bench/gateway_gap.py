"""How busy a slot is, and how long it stands idle between two jobs: the whole stack, one slot, 0.5 s an image.

    python bench/gateway_gap.py [--images 60] [--seconds-per-image 0.5]

Read from the server's own timestamps, whole milliseconds. The baseline is the same server in the same run with all its
jobs queued at once: no gateway can do better.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from statistics import fmean, median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.stack import running_stack
from measuring.direct_jobs import queued_at_once
from measuring.endless_run import start_endless_run
from measuring.figures import at_least, at_most, plain
from measuring.slot_time import Execution, busy_share, executions_of, gaps, whole

WARM_UP_IMAGES = 5
SLACK_SECONDS = 120
BUSY_GOAL = 0.97
MEDIAN_GOAL_MS = 10
P95_GOAL_MS = 50


async def measure(images: int, seconds_per_image: float) -> tuple[list[Execution], list[Execution]]:
    """Executions of jobs queued at once, and of jobs of a run after some images of warming up."""
    async with running_stack(COMFY_STUB_SECONDS_PER_IMAGE=str(seconds_per_image)) as stack:
        await queued_at_once(stack.stub_url, images)
        at_once = await executions_of(stack.stub_url)
        run_id = await start_endless_run(stack)
        wanted, seconds = images + WARM_UP_IMAGES, 3 * images * seconds_per_image + SLACK_SECONDS
        await stack.wait_for_run(run_id, lambda run: run["images"] >= wanted, seconds, f"{wanted} images")
        of_the_run = (await executions_of(stack.stub_url))[len(at_once) + WARM_UP_IMAGES :]
    return at_once, of_the_run


def report(at_once: list[Execution], of_the_run: list[Execution]) -> None:
    possible, ours = gaps(at_once), gaps(of_the_run)
    share = busy_share(of_the_run, whole(of_the_run))
    at_least("busy_share", share, BUSY_GOAL)
    plain("busy_share_to_possible", share / busy_share(at_once, whole(at_once)))
    at_most("gap_median_ms", median(ours), MEDIAN_GOAL_MS)
    at_most("gap_p95_ms", quantiles(ours, n=20)[-1], P95_GOAL_MS)
    plain("gap_max_ms", max(ours))
    plain("gap_mean_to_possible", fmean(ours) / max(0.1, fmean(possible)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=60)
    parser.add_argument("--seconds-per-image", type=float, default=0.5)
    asked = parser.parse_args()
    report(*asyncio.run(measure(asked.images, asked.seconds_per_image)))
