"""The pictures of the README, made from a real run: `make pictures`."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from browser.conftest import Visit
from fixtures.command_line import answer
from fixtures.stack import Stack
from PIL import Image
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

SIZE = (1280, 800)
COLOURS_MIN = 100
VOTES = 12


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gym_shoot(stack: Stack) -> AsyncGenerator[str]:
    """The example of the command line, grown to its target."""
    run_id = str(answer(stack.data, "pipeline", "setup-example")["run_id"])
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= run["t"] and run["open_jobs"] == 0, what="its finals")
    yield run_id


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(request.config.getoption("--pictures") or tmp_path)


async def taken(page: Page, path: Path) -> None:
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(255)
        colours = picture.convert("RGB").getcolors(SIZE[0] * SIZE[1])
        assert colours is not None
        assert len(colours) > COLOURS_MIN
    small.save(path, optimize=True)


async def dressed(visit: Visit) -> Page:
    """The page in the size and the colours of all pictures."""
    await visit.page.emulate_media(color_scheme="dark")
    await visit.page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    return visit.page


async def test_every_main_place_has_a_picture(visit: Visit, gym_shoot: str, folder: Path) -> None:
    page = await dressed(visit)
    await visit.open(f"/runs/{gym_shoot}/vote")
    await expect(page.locator(".side.waiting")).not_to_have_count(0)
    for number in range(VOTES):
        await expect(page.locator(".side:not(.waiting) img")).to_have_count(2)
        await page.keyboard.press(("ArrowLeft", "ArrowRight", "ArrowUp")[number % 3])
    await expect(page.get_by_text("settled at")).to_be_visible()
    await taken(page, folder / "vote.png")
    await visit.open(f"/runs/{gym_shoot}")
    await page.locator(".node.live .picture").nth(3).click()
    await expect(page.get_by_role("complementary", name="The chosen image")).to_be_visible()
    await taken(page, folder / "tree.png")
    run = await visit.stack.run(gym_shoot)
    first, second, *_ = run["leaders"]
    await visit.stack.http.put(f"/api/runs/{gym_shoot}/winner", json={"candidate_id": first["candidate_id"]})
    for name, (path, heading) in {
        "runs": ("/", "Runs"),
        "new_run": (f"/runs/new?pipeline={run['pipeline_id']}", "New run"),
        "gallery": (f"/gallery?run={gym_shoot}&sort=rating", "Gallery"),
        "compare": (f"/compare?left={first['candidate_id']}&right={second['candidate_id']}&view=slider", "Compare"),
        "candidate": (f"/candidates/{first['candidate_id']}", "Gym Shoot, Upscale"),
        "winners": ("/winners", "Winners"),
        "analytics": (f"/analytics?run={gym_shoot}", "Analytics"),
        "fleet": ("/fleet", "Fleet"),
        "pipeline": (f"/pipelines/{run['pipeline_id']}", "Portrait"),
        "events": (f"/runs/{gym_shoot}/events", "Events"),
    }.items():
        await visit.open(path)
        await expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        await taken(page, folder / f"{name}.png")


async def test_the_walk_after_a_kill_has_a_picture(visit: Visit, gym_shoot: str, folder: Path) -> None:
    page = await dressed(visit)
    await visit.open(f"/runs/{gym_shoot}/vote")
    await page.locator(".left:not(.waiting)").hover()
    await page.keyboard.press("x")
    walk = page.get_by_role("region", name="Kill to the left")
    await expect(walk.get_by_role("img", name="Another of its step")).to_be_visible()
    await taken(page, folder / "walk.png")


async def test_a_gate_has_a_picture(visit: Visit, gym_shoot: str, folder: Path) -> None:
    page = await dressed(visit)
    pipeline_id = (await visit.stack.run(gym_shoot))["pipeline_id"]
    run_id = await visit.stack.start_run(pipeline_id, name="Night Shoot", n=8, prompt="a gym at night", profile="gated")
    await visit.stack.wait_for_run(run_id, lambda run: run["live"] == 8, what="eight images at the gate")
    for number in range(VOTES):
        pair = (await visit.stack.get(f"/api/runs/{run_id}/next-pair"))["pair"]
        ids = {f"{side}_id": pair[side]["candidate_id"] for side in ("left", "right")}
        await visit.stack.post("/api/votes", ids | {"outcome": ("left", "right", "tie")[number % 3]})
    await visit.open(f"/runs/{run_id}/gates")
    await expect(page.locator("li.advances")).to_have_count(3)
    await taken(page, folder / "gate.png")
