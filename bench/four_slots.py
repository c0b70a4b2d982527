"""How many times the images of one slot four slots make: one gateway, one server against four, in the same run.

    python bench/four_slots.py [--seconds 60] [--seconds-per-image 1]

Each server is a process of its own and takes one job at a time. The stand-ins draw on this machine's processor; when
that is too slow for four of them, images take longer, and `seconds_an_image_of_four_slots_to_one` shows it. What our
part alone loses by the width is in `four_slots_busy_to_one`, which does not depend on how long an image takes.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.stack import running_stack
from measuring.endless_run import start_endless_run
from measuring.figures import at_least, plain
from measuring.slot_time import Window, busy_share, executions_of, images_in
from measuring.stand_in import running_stand_in

WARM_UP_IMAGES = 5
SETTLE_IMAGES = 3  # an image over the window's end counts once it is done
SLACK_SECONDS = 120
RATIO_GOAL = 3.8


@dataclass(frozen=True, slots=True)
class Yield:
    """Of all slots together: images a minute, and the busy time as a multiple of one slot that never waits."""

    images_per_minute: float
    busy_slots: float

    @property
    def seconds_an_image(self) -> float:
        return 60 * self.busy_slots / self.images_per_minute


async def measure(slots: int, seconds: float, seconds_per_image: float) -> Yield:
    async with AsyncExitStack() as running:
        folder = Path(running.enter_context(TemporaryDirectory(prefix="carnival-servers-")))
        urls = [running.enter_context(running_stand_in(folder / str(n), seconds_per_image)) for n in range(slots)]
        stack = await running.enter_async_context(running_stack(COMFYUI_BASE_URL=",".join(urls)))
        run_id = await start_endless_run(stack)
        warm = slots * WARM_UP_IMAGES
        await stack.wait_for_run(run_id, lambda run: run["images"] >= warm, SLACK_SECONDS, "the first images")
        start = int(time.time() * 1000)
        window = Window(start, start + int(seconds * 1000))
        await asyncio.sleep(seconds + SETTLE_IMAGES * seconds_per_image)
        executions = [await executions_of(url) for url in urls]
    return Yield(
        60 * sum(images_in(of_one, window) for of_one in executions) / window.seconds,
        sum(busy_share(of_one, window) for of_one in executions),
    )


async def main(seconds: float, seconds_per_image: float) -> None:
    one = await measure(1, seconds, seconds_per_image)
    four = await measure(4, seconds, seconds_per_image)
    plain("one_slot_images_per_minute", one.images_per_minute)
    plain("four_slots_images_per_minute", four.images_per_minute)
    at_least("four_slots_to_one", four.images_per_minute / one.images_per_minute, RATIO_GOAL)
    at_least("four_slots_busy_to_one", four.busy_slots / one.busy_slots, RATIO_GOAL)
    plain("seconds_an_image_of_four_slots_to_one", four.seconds_an_image / one.seconds_an_image)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seconds-per-image", type=float, default=1)
    asked = parser.parse_args()
    asyncio.run(main(asked.seconds, asked.seconds_per_image))
