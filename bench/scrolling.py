"""How smoothly a real browser scrolls the tree and the gallery of one run of 5,000 images.

    python bench/scrolling.py [--candidates 5000] [--seconds 8]

The history is that of `measuring/large_tree.py`. The API is a process of its own, and all images have the same
thumbnails on its disk, each under its own address. A step of 60 pixels a frame is 3,600 a second, as fast as a hand
turns a wheel. Frames are counted by the browser. Needs a Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import mean, quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser.conftest import chromium
from large_run import fill
from measuring.api_process import running_api
from measuring.figures import at_least, plain
from measuring.large_tree import RUN, SHA256, LargeTree
from PIL import Image
from playwright.async_api import Page, expect

from carnival.contracts.bus_rights import THUMBNAILS_WORKER
from carnival.contracts.subjects import STREAM
from carnival.log.connection import open_connection
from carnival.testing import until
from carnival_cli.servers.running import running_nats, running_postgres
from curation_api.domain.thumbnail import SIZES, place_of_thumbnail

GOAL: Final = 50.0
WAIT_MILLISECONDS: Final = 60_000

SCROLLED: Final = """async ([selector, seconds]) => {
    const frame = document.querySelector(selector), gaps = [];
    let last = performance.now(), step = 60;
    const end = last + seconds * 1000;
    return await new Promise((resolve) => requestAnimationFrame(function turn(now) {
        gaps.push(now - last);
        last = now;
        const before = frame.scrollTop;
        frame.scrollTop += step;
        if (frame.scrollTop === before) step = -step;
        if (now < end) requestAnimationFrame(turn);
        else resolve(gaps.slice(1));
    }));
}"""


def draw_thumbnails(image_root: Path) -> None:
    for size in SIZES:
        place = image_root / place_of_thumbnail(SHA256, size)
        place.parent.mkdir(parents=True)
        Image.effect_noise((size, size), 8).convert("RGB").save(place, "WEBP")


@asynccontextmanager
async def hub(candidates: int) -> AsyncGenerator[str]:
    """The address of an API on the history."""
    async with AsyncExitStack() as stack:
        folder, data = (Path(stack.enter_context(TemporaryDirectory())) for _ in range(2))
        nats = stack.enter_context(running_nats(folder))
        postgres = stack.enter_context(running_postgres(data, durable=False))
        await fill(nats.url, postgres.url, LargeTree(candidates, candidates * 3))
        draw_thumbnails(folder)
        api = stack.enter_context(running_api(folder, nats.url, postgres.url))
        await thumbnails_looked_after(nats.url)
        yield api.url


async def thumbnails_looked_after(nats_url: str) -> None:
    """Until the API has been through the images of the log, as it has long been in life."""
    connection = await open_connection(nats_url, "bench")
    stream = connection.jetstream()

    async def done() -> bool:
        worker = await stream.consumer_info(STREAM, THUMBNAILS_WORKER)
        return worker.num_pending == worker.num_ack_pending == 0

    await until(done, seconds=300, what="the thumbnails")
    await connection.close()


async def frames(page: Page, selector: str, seconds: float) -> list[float]:
    """Milliseconds between frames."""
    await expect(page.locator(f"{selector} img").first).to_be_visible(timeout=WAIT_MILLISECONDS)
    await page.wait_for_timeout(1000)
    gaps: list[Any] = await page.evaluate(SCROLLED, [selector, seconds])
    return [float(gap) for gap in gaps]


async def measure(options: argparse.Namespace) -> bool:
    async with hub(options.candidates) as address, chromium() as browser:
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        reached = True
        for place, path in {"tree": f"/runs/{RUN}", "gallery": f"/gallery?run={RUN}"}.items():
            await page.goto(f"{address}{path}")
            gaps = await frames(page, ".frame", options.seconds)
            reached &= at_least(f"{place}_frames_per_second", 1000 / mean(gaps), GOAL)
            plain(f"{place}_frame_p95_ms", quantiles(gaps, n=20)[-1])
    return reached


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=8)
    return 0 if asyncio.run(measure(parser.parse_args())) else 1


if __name__ == "__main__":
    sys.exit(main())
