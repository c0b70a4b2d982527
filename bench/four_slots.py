"""How many times the images of one slot four slots make: one gateway, one server against four, in the same run.

    python bench/four_slots.py [--seconds 60] [--seconds-per-image 1]

Each server is a process of its own and takes one job at a time. The figure says what our part loses by the width; the
stand-ins draw on the same processor, so give them time enough an image to leave it idle.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.stack import running_stack
from measuring.endless_run import start_endless_run
from measuring.figures import at_least, plain
from measuring.slot_time import Window, executions_of, images_in
from measuring.stand_in import running_stand_in

WARM_UP_IMAGES = 5
SLACK_SECONDS = 120
RATIO_GOAL = 3.8


async def images_per_minute(slots: int, seconds: float, seconds_per_image: float) -> float:
    async with AsyncExitStack() as running:
        folder = Path(running.enter_context(TemporaryDirectory(prefix="carnival-servers-")))
        urls = [running.enter_context(running_stand_in(folder / str(n), seconds_per_image)) for n in range(slots)]
        stack = await running.enter_async_context(running_stack(COMFYUI_BASE_URL=",".join(urls)))
        run_id = await start_endless_run(stack)
        warm = slots * WARM_UP_IMAGES
        await stack.wait_for_run(run_id, lambda run: run["images"] >= warm, SLACK_SECONDS, "the first images")
        start = int(time.time() * 1000)
        await asyncio.sleep(seconds + 2 * seconds_per_image)
        window = Window(start, start + int(seconds * 1000))
        made = [images_in(await executions_of(url), window) for url in urls]
    return 60 * sum(made) / window.seconds


async def main(seconds: float, seconds_per_image: float) -> None:
    one = await images_per_minute(1, seconds, seconds_per_image)
    four = await images_per_minute(4, seconds, seconds_per_image)
    plain("one_slot_images_per_minute", one)
    plain("four_slots_images_per_minute", four)
    at_least("four_slots_to_one", four / one, RATIO_GOAL)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seconds-per-image", type=float, default=1)
    asked = parser.parse_args()
    asyncio.run(main(asked.seconds, asked.seconds_per_image))
