"""A guest comes by a link, votes blindly by keyboard, and sees nothing else of the hub."""

from __future__ import annotations

import pytest
from browser.conftest import signed_in, watched_page
from fixtures.stack import Json, Stack
from playwright.async_api import Browser, expect

from carnival.testing import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]


async def votes_of_guests(stack: Stack, run_id: str) -> list[Json]:
    votes = await stack.pages(f"/api/votes?run_id={run_id}")
    return [vote for vote in votes if vote["guest_link"] and not vote["retracted"]]


async def test_a_link_opens_the_pairs_of_its_run_and_nothing_else(browser: Browser, stack: Stack, run_id: str) -> None:
    async with signed_in(browser, stack, "curator") as visit:
        await visit.open(f"/runs/{run_id}/guests")
        await visit.page.get_by_label("Whom the link is for").fill("friends")
        await visit.page.get_by_role("button", name="Make a link").click()
        link = await visit.page.get_by_label("The link, shown this once").input_value()
    async with watched_page(browser, stack) as visit:
        page = visit.page
        await page.goto(link)
        shown = page.locator(".side:not(.waiting) img")
        for key in ("ArrowLeft", "ArrowRight", "ArrowUp"):
            await expect(shown).to_have_count(2)
            await page.keyboard.press(key)
        await page.keyboard.press("Backspace")

        async def two_are_there() -> bool:
            return [vote["outcome"] for vote in await votes_of_guests(stack, run_id)] == ["right", "left"]

        await until(two_are_there, seconds=60, what="two votes of a guest")
        assert await page.get_by_role("link").count() == 0
        await visit.open("/")
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        visit.forgive("401")
        await visit.open("/guest")
        await expect(shown).to_have_count(2)
    async with signed_in(browser, stack, "curator") as visit:
        await visit.open(f"/runs/{run_id}/guests")
        await visit.page.get_by_role("button", name="Let them count").click()

        async def they_count() -> bool:
            return all(vote["merged"] for vote in await votes_of_guests(stack, run_id))

        await until(they_count, seconds=60, what="the guest's votes to count")


async def test_a_link_that_was_taken_back_says_so(browser: Browser, stack: Stack, run_id: str) -> None:
    link = await stack.post("/api/guest-links", {"run_id": run_id})
    answer = await stack.http.delete(f"/api/guest-links/{link['id']}")
    assert answer.status_code == 200
    async with watched_page(browser, stack) as visit:
        await visit.page.goto(link["url"])
        await expect(visit.page.get_by_role("heading", name="This link opens nothing")).to_be_visible()
        visit.forgive("410")
