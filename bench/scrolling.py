"""How smoothly a real browser scrolls the tree and the gallery of one run of 5,000 images.

    python bench/scrolling.py [--candidates 5000] [--seconds 8]

The history is that of `measuring/large_tree.py`; its thumbnails are a few small pictures, answered beside the API. A
step of 60 pixels a frame is 3,600 a second, as fast as a hand turns a wheel. Frames are counted by the browser. Needs
a Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from io import BytesIO
from pathlib import Path
from statistics import mean, quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import uvicorn
from browser.conftest import chromium
from large_run import fill
from measuring.figures import at_least, plain
from measuring.large_tree import RUN, LargeTree
from PIL import Image
from playwright.async_api import Page, Route, expect

from carnival.testing import until
from carnival_cli.servers.ports import free_port
from carnival_cli.servers.running import running_nats, running_postgres
from curation_api.main import assembled
from curation_api.settings import Settings

GOAL: Final = 50.0
COLOURS: Final = ("#a33", "#3a3", "#33a", "#aa3", "#a3a", "#3aa")
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


def thumbnails() -> list[bytes]:
    made: list[bytes] = []
    for colour in COLOURS:
        file = BytesIO()
        Image.effect_noise((256, 256), 80).convert("RGB").save(file, "WEBP")
        Image.blend(Image.open(file).convert("RGB"), Image.new("RGB", (256, 256), colour), 0.5).save(file, "WEBP")
        made.append(file.getvalue())
    return made


@asynccontextmanager
async def hub(candidates: int) -> AsyncGenerator[str]:
    """The address of an API on the history."""
    async with AsyncExitStack() as stack:
        folder, data = (Path(stack.enter_context(TemporaryDirectory())) for _ in range(2))
        nats = stack.enter_context(running_nats(folder))
        postgres = stack.enter_context(running_postgres(data, durable=False))
        await fill(nats.url, postgres.url, LargeTree(candidates, candidates * 3))
        settings = {"nats_url": nats.url, "database_url": postgres.url, "image_root": str(folder), "api_auth": "off"}
        app = await stack.enter_async_context(assembled(Settings.model_validate(settings)))
        server = uvicorn.Server(uvicorn.Config(app, port=free_port(), log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve())
        try:
            await until(lambda: server.started, seconds=30, what="the API")
            yield f"http://127.0.0.1:{server.config.port}"
        finally:
            server.should_exit = True
            await serving


async def frames(page: Page, selector: str, seconds: float) -> list[float]:
    """Milliseconds between frames."""
    await expect(page.locator(f"{selector} img").first).to_be_visible(timeout=WAIT_MILLISECONDS)
    await page.wait_for_timeout(1000)
    gaps: list[Any] = await page.evaluate(SCROLLED, [selector, seconds])
    return [float(gap) for gap in gaps]


async def measure(options: argparse.Namespace) -> bool:
    pictures = thumbnails()

    async def picture(route: Route) -> None:
        await route.fulfill(body=pictures[hash(route.request.url) % len(pictures)], content_type="image/webp")

    async with hub(options.candidates) as address, chromium() as browser:
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.route("**/thumbnail*", picture)
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
