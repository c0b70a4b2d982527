"""What happens beside a page takes nothing from it: other tabs, lost pictures, a hub that is away, what is new."""

from __future__ import annotations

import pytest
from browser.conftest import Visit
from fixtures.stack import Stack
from playwright.async_api import Locator, expect

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

TABS = 8
"""More than the six connections that a browser grants one hub."""
OUT_OF_SIGHT = """() => {
    Object.defineProperty(document, 'hidden', { get: () => true });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


async def place(shown: Locator) -> dict[str, float]:
    """Where it stands and how large it is."""
    await expect(shown).to_be_visible()
    box = await shown.bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


async def test_many_tabs_open_at_once(visit: Visit, run_id: str) -> None:
    for _ in range(TABS):
        tab = await visit.page.context.new_page()
        await tab.goto(f"{visit.stack.state()['api_url']}/runs/{run_id}")
        await expect(tab.get_by_role("heading", name="Gym Shoot")).to_be_visible()
        await tab.evaluate(OUT_OF_SIGHT)
    await visit.open("/")
    await expect(visit.page.get_by_role("article", name="Gym Shoot")).to_be_visible()


async def test_what_could_not_be_read_comes_when_the_hub_is_back(visit: Visit, run_id: str) -> None:
    await visit.open(f"/runs/{run_id}")
    page = visit.page
    await expect(page.locator(".node")).not_to_have_count(0)
    await page.context.set_offline(True)
    await page.locator(".node .picture").first.click()
    panel = page.get_by_role("complementary", name="The chosen image")
    await expect(panel.get_by_text("The hub does not answer")).to_be_visible()
    await page.context.set_offline(False)
    await expect(panel.get_by_text("Seed")).to_be_visible()
    visit.forgive("ERR_INTERNET_DISCONNECTED")


async def test_a_picture_that_did_not_come_says_so_and_keeps_its_place(visit: Visit, run_id: str) -> None:
    await visit.page.route("**/thumbnail?*", lambda route: route.abort())
    await visit.open(f"/gallery?run={run_id}")
    await expect(visit.page.get_by_role("img", name="not there").first).to_have_text("The picture did not come")
    await visit.page.route("**/image", lambda route: route.abort())
    await visit.open(f"/runs/{run_id}/vote")
    await expect(visit.page.locator(".side:not(.waiting)").get_by_text("The picture did not come")).to_have_count(2)
    await visit.page.goto("about:blank")
    visit.forgive("ERR_FAILED")


async def test_a_parent_stands_beside_what_is_in_sight_of_its_branch(visit: Visit, run_id: str) -> None:
    await visit.page.set_viewport_size({"width": 1200, "height": 520})
    await visit.open(f"/runs/{run_id}")
    frame = visit.page.locator(".frame")
    base = visit.page.locator(".node").first
    seen, stands = await place(frame), await place(base)
    assert seen["y"] <= stands["y"]
    assert stands["y"] + stands["height"] <= seen["y"] + seen["height"]


async def test_new_images_are_announced_without_moving_any(visit: Visit, stack: Stack, run_id: str) -> None:
    await visit.open("/gallery")
    first = visit.page.locator("li[data-place='0']")
    before = await place(first)
    run = await stack.run(run_id)
    other = await stack.start_run(run["pipeline_id"], name="Pier", n=1, t=1, variables=run["variables"])
    await expect(visit.page.get_by_role("button", name="new", exact=False)).to_be_visible()
    assert await place(first) == before
    await stack.wait_for_run(other, lambda one: one["finals"] >= 1, what="its final")


async def test_what_follows_from_a_vote_moves_no_picture_on_a_telephone(visit: Visit, run_id: str) -> None:
    await visit.page.set_viewport_size({"width": 360, "height": 740})
    await visit.open(f"/runs/{run_id}/vote")
    stage = visit.page.locator(".stage")
    before = await place(stage)
    await visit.page.keyboard.press("ArrowDown")
    await expect(visit.page.get_by_role("button", name="Kill both")).to_be_visible()
    await expect(visit.page.get_by_text("top 3 settled")).to_be_visible()
    assert await place(stage) == before
