"""Votes by keyboard in a real browser while the API is killed at random: none lost, none doubled, in order, at once.

    python bench/votes_by_keyboard.py [--votes 500] [--kills 15] [--images 34] [--pixels 2048] [--seed 1]

Images are `--pixels` square, 4 megapixels by default. A vote follows the last one after 0.3 s, as a quick person votes,
or when there is a pair again. `key_to_paint_p95_ms` is the browser's own measure (Event Timing: from the key to the
presentation of the frame that shows the next pair, in steps of 8 ms), over keys that found the next pair ready; 16 ms
and less count as 16. Afterwards the votes in the log are held against the keys that were pressed. Needs a Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any, Final, cast

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import httpx
from browser.conftest import chromium, signed_in
from fixtures.pipelines import VARIABLES, step
from fixtures.stack import Stack, running_stack
from measuring.figures import at_most, plain
from playwright.async_api import Page, expect

from carnival.testing import until

KEYS: Final = {"ArrowLeft": "left", "ArrowRight": "right", "ArrowUp": "tie", "ArrowDown": "both_bad"}
PACE_SECONDS: Final = 0.3
WAIT_SECONDS: Final = 900.0
GOAL_MS: Final = 50.0
SHORTEST_MS: Final = 16.0

LISTENING: Final = """
window.paints = new Map();
new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name === 'keydown') window.paints.set(one.startTime, one.duration);
}).observe({ type: 'event', durationThreshold: 16 });
"""
SHOWN: Final = """() => ({
    sides: [...document.querySelectorAll('.side:not(.waiting) img')].map((one) => one.src.split('/').at(-2)),
    ready: document.querySelectorAll('.side.waiting img').length > 0,
})"""


@dataclass(frozen=True, slots=True)
class Said:
    """What one key press said of the two images that were shown."""

    left: str
    right: str
    outcome: str


@dataclass(slots=True)
class Session:
    """One voter before the keyboard."""

    page: Page
    chance: Random
    said: list[Said] = field(default_factory=list[Said])
    pressed_ready: int = 0

    async def vote(self) -> None:
        shown = await self._shown()
        key = self.chance.choice(list(KEYS))
        self.pressed_ready += shown["ready"]
        await self.page.keyboard.press(key)
        left, right = shown["sides"]
        self.said.append(Said(left, right, KEYS[key]))

    async def _shown(self) -> dict[str, Any]:
        before = [self.said[-1].left, self.said[-1].right] if self.said else []

        async def pair() -> dict[str, Any] | None:
            shown = await self.page.evaluate(SHOWN)
            return shown if len(shown["sides"]) == 2 and shown["sides"] != before else None

        return cast("dict[str, Any]", await until(pair, seconds=WAIT_SECONDS, what="a pair"))


async def started(stack: Stack, images: int, pixels: int) -> str:
    base = step(1, "Base", "base")
    base["template"] = base["template"].replace('"width": 512, "height": 512', f'"width": {pixels}, "height": {pixels}')
    run_id = await stack.start_run(await stack.define_pipeline(base), t=images, n=1, variables=VARIABLES)
    enough = f"{images} images"
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= images, seconds=WAIT_SECONDS, what=enough)
    return run_id


async def kills(stack: Stack, number: int, pause_seconds: float, chance: Random) -> None:
    for _ in range(number):
        await asyncio.sleep(chance.uniform(0, 2 * pause_seconds))
        await stack.kill("curation-api")


async def counted(stack: Stack, run_id: str, number: int) -> list[Said]:
    """The votes of the log, in its order."""

    async def votes() -> list[dict[str, Any]] | None:
        try:
            found = await stack.pages(f"/api/votes?run_id={run_id}")
        except (httpx.TransportError, AssertionError):
            return None
        return found if len(found) >= number else None

    found = cast("list[dict[str, Any]]", await until(votes, seconds=WAIT_SECONDS, what="all votes"))
    return [
        Said(one["left_id"], one["right_id"], one["outcome"]) for one in sorted(found, key=lambda one: one["position"])
    ]


async def measure(options: argparse.Namespace) -> bool:
    chance = Random(options.seed)
    async with running_stack(COMFY_STUB_SECONDS_PER_IMAGE="0.1") as stack, chromium() as browser:
        run_id = await started(stack, options.images, options.pixels)
        async with signed_in(browser, stack) as visit:
            await visit.page.add_init_script(LISTENING)
            await visit.open(f"/runs/{run_id}/vote")
            await expect(visit.page.locator(".side.waiting")).not_to_have_count(0)
            session = Session(visit.page, chance)
            pause = options.votes * PACE_SECONDS / max(1, options.kills)
            killing = asyncio.create_task(kills(stack, options.kills, pause, chance))
            for _ in range(options.votes):
                await asyncio.sleep(PACE_SECONDS)
                await session.vote()
            await killing
            votes = await counted(stack, run_id, options.votes)
            slow = [float(one) for one in await visit.page.evaluate("[...window.paints.values()]")]
            visit.forgive("")
    return judged(session, votes, slow)


def judged(session: Session, votes: list[Said], slow: list[float]) -> bool:
    quick = [SHORTEST_MS] * max(0, session.pressed_ready - len(slow))
    pairs = [frozenset((one.left, one.right)) for one in votes]
    plain("votes", len(votes))
    plain("keys_with_the_next_pair_ready", session.pressed_ready)
    return all(
        (
            at_most("votes_lost", len(set(session.said) - set(votes)), 0),
            at_most("votes_doubled", len(pairs) - len(set(pairs)), 0),
            at_most("votes_out_of_order", sum(a != b for a, b in zip(session.said, votes, strict=False)), 0),
            at_most("key_to_paint_p95_ms", quantiles(quick + slow, n=20)[-1], GOAL_MS),
        )
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--votes", type=int, default=500)
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--images", type=int, default=34, help="n images make n (n - 1) / 2 pairs")
    parser.add_argument("--pixels", type=int, default=2048, help="side of an image")
    parser.add_argument("--seed", type=int, default=1)
    return 0 if asyncio.run(measure(parser.parse_args())) else 1


if __name__ == "__main__":
    sys.exit(main())
