"""What a plain loop makes of a server, and how many times as much the whole stack makes of the same one.

    python bench/naive_loop.py [--cycles 6] [--seconds-per-image 0.5]

The loop has one job at a time, submits every 10 s and polls every 5 s, in real time: nothing is scaled down. Both get
the same stand-in in the same run, one after the other, for the same length of time. The ratio depends on how long an
image takes: the loop loses up to 10 s an image, whatever that is.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import httpx
from fixtures.stack import running_stack
from measuring.direct_jobs import is_done, post
from measuring.endless_run import start_endless_run
from measuring.figures import plain
from measuring.slot_time import Execution, Window, executions_of, images_in

SUBMIT_SECONDS = 10.0
POLL_SECONDS = 5.0
WARM_UP_IMAGES = 5
SLACK_SECONDS = 120


async def loop(stub_url: str, cycles: int) -> None:
    """So many turns of ten seconds; a job that is not seen to be done keeps the next one out."""
    submitted: str | None = None
    ticks = int(SUBMIT_SECONDS / POLL_SECONDS)
    async with httpx.AsyncClient(base_url=stub_url, timeout=60) as client:
        began = asyncio.get_running_loop().time()
        for tick in range(cycles * ticks):
            await asyncio.sleep(began + tick * POLL_SECONDS - asyncio.get_running_loop().time())
            if submitted is not None and await is_done(client, submitted):
                submitted = None
            if submitted is None and tick % ticks == 0:
                submitted = await post(client, tick)
        await asyncio.sleep(POLL_SECONDS)


async def measure(cycles: int, seconds_per_image: float) -> tuple[float, float]:
    """Images per second of the loop and of the stack."""
    seconds = cycles * SUBMIT_SECONDS
    async with running_stack(COMFY_STUB_SECONDS_PER_IMAGE=str(seconds_per_image)) as stack:
        await loop(stack.stub_url, cycles)
        plainly = await executions_of(stack.stub_url)
        run_id = await start_endless_run(stack)
        await stack.wait_for_run(run_id, lambda run: run["images"] >= WARM_UP_IMAGES, SLACK_SECONDS, "the first images")
        await asyncio.sleep(seconds)
        run = await executions_of(stack.stub_url)
        ours = run[len(plainly) + WARM_UP_IMAGES :]
    return _rate(plainly, seconds), _rate(ours, seconds)


def _rate(executions: list[Execution], seconds: float) -> float:
    start = executions[0].started
    return images_in(executions, Window(start, start + int(seconds * 1000))) / seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=6)
    parser.add_argument("--seconds-per-image", type=float, default=0.5)
    asked = parser.parse_args()
    of_the_loop, of_the_stack = asyncio.run(measure(asked.cycles, asked.seconds_per_image))
    plain("loop_images_per_minute", 60 * of_the_loop)
    plain("stack_images_per_minute", 60 * of_the_stack)
    plain("stack_to_loop", of_the_stack / of_the_loop)
