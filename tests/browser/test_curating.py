"""Curating many images in a real browser: filters, keys, the strip of what was done, a tree that grows."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser.conftest import Visit
from fixtures.pipelines import VARIABLES
from fixtures.stack import Stack
from playwright.async_api import expect

from carnival.testing import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]


async def test_the_gallery_is_filtered_by_variables_and_walked_by_keyboard(visit: Visit, run_id: str) -> None:
    await visit.open(f"/gallery?run={run_id}")
    page = visit.page
    pictures = page.locator(".frame li img")
    await expect(pictures.first).to_be_visible()
    await page.get_by_role("button", name="More filters").click()
    await page.get_by_label("Variables").fill("color=1")
    await page.get_by_label("Variables").press("Enter")
    await expect(page.get_by_role("heading", name="No image matches")).to_be_visible()
    await page.get_by_label("Variables").fill(f"color={VARIABLES['color']}")
    await page.get_by_label("Variables").press("Enter")
    await expect(pictures.first).to_be_visible()
    await page.get_by_label("Variables").blur()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Space")
    await expect(page.get_by_text("1 image selected")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export these").click()
    assert (await download.value).suggested_filename == "images.zip"
    await page.keyboard.press("ArrowRight")
    opened = await page.locator(":focus").get_attribute("href")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Why it was made")).to_be_visible()
    await page.go_back()
    await expect(page.locator(":focus")).to_have_attribute("href", str(opened))


async def test_the_workflow_stands_there_as_it_was_sent(visit: Visit, stack: Stack, run_id: str) -> None:
    base = (await stack.tree(run_id))[0]["candidate_id"]
    await visit.open(f"/candidates/{base}")
    await visit.page.get_by_text("Workflow as sent").click()
    async with visit.page.expect_download() as download:
        await visit.page.get_by_role("button", name="Save the workflow").click()
    workflow = read(await (await download.value).path())
    seed = (await stack.get(f"/api/candidates/{base}"))["seed"]
    assert any(str(node["inputs"].get("seed")) == seed for node in workflow.values())


async def test_the_strip_keeps_votes_and_each_can_be_taken_back(visit: Visit, stack: Stack, run_id: str) -> None:
    async def outcomes() -> list[str]:
        votes = await stack.pages(f"/api/votes?run_id={run_id}")
        return [vote["outcome"] for vote in votes if not vote["retracted"]]

    await visit.open(f"/runs/{run_id}/vote")
    page = visit.page
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp"):
        await expect(page.locator(".side:not(.waiting) img")).to_have_count(2)
        await page.keyboard.press(key)
    await until(lambda: _equal(outcomes, ["tie", "right", "left"]), seconds=60, what="three votes")
    await page.keyboard.press("h")
    strip = page.get_by_role("region", name="What happened")
    await strip.get_by_role("listitem").filter(has_text="right one").get_by_role("button", name="Undo").click()
    await until(lambda: _equal(outcomes, ["tie", "left"]), seconds=60, what="one vote to be gone")
    await page.keyboard.press("Control+z")
    await until(lambda: _equal(outcomes, ["left"]), seconds=60, what="the last vote to be gone")


def read(file: Path) -> Any:
    return json.loads(file.read_text())


async def _equal(read: Callable[[], Awaitable[list[str]]], wanted: list[str]) -> bool:
    return await read() == wanted


async def test_the_tree_shows_progress_and_announces_new_images(visit: Visit, stack: Stack, run_id: str) -> None:
    finals = (await stack.run(run_id))["finals"]
    await visit.page.set_viewport_size({"width": 1440, "height": 3000})
    await visit.open(f"/runs/{run_id}")
    page = visit.page
    nodes = page.locator(".node")
    before = len(await stack.tree(run_id))
    await expect(nodes).to_have_count(before)
    async with httpx.AsyncClient(base_url=stack.stub_url) as stub:
        await stub.post("/stub/settings", json={"seconds_per_image": 3})
        await page.get_by_role("link", name="Settings").click()
        await page.get_by_label("Finals to maintain").fill(str(finals + 1))
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator(".node progress, ol progress").first).to_be_visible()
        await stub.post("/stub/settings", json={"seconds_per_image": 0.1})
    await stack.wait_for_run(run_id, lambda run: run["finals"] > finals and run["open_jobs"] == 0, what="another final")
    grown = len(await stack.tree(run_id))
    news = page.get_by_role("button", name=f"{grown - before} new", exact=True)
    await expect(news).to_be_visible()
    await expect(nodes).to_have_count(before)
    await news.click()
    await expect(nodes).to_have_count(grown)
    await page.keyboard.press("ArrowDown")
    await expect(page).to_have_url(re.compile(r"candidate="))
    base = page.url
    await page.keyboard.press("ArrowRight")
    await expect(page).not_to_have_url(base)


async def test_events_are_followed_live_and_saved(visit: Visit, stack: Stack, run_id: str) -> None:
    await visit.open(f"/runs/{run_id}/events?type=RunPaused&follow=1")
    page = visit.page
    await expect(page.get_by_text("What happens now appears here.")).to_be_visible()
    await stack.post(f"/api/runs/{run_id}/pause", {"reason": "lunch"})
    await page.locator("summary", has_text="RunPaused").click()
    await expect(page.locator("pre")).to_contain_text("lunch")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Save as JSON").click()
    assert [one["type"] for one in read(await (await download.value).path())] == ["RunPaused"]
    await stack.post(f"/api/runs/{run_id}/resume")
