"""Voting by keyboard in a real browser: nothing lost, nothing doubled, everything can be taken back."""

from __future__ import annotations

import pytest
from browser.conftest import WAIT_MILLISECONDS, Visit, chromium
from fixtures.stack import Json, Stack
from playwright.async_api import expect

from carnival.testing import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

VOTES = 30


async def votes(stack: Stack, run_id: str) -> list[Json]:
    return [vote for vote in await stack.pages(f"/api/votes?run_id={run_id}") if not vote["retracted"]]


async def counted(stack: Stack, run_id: str, number: int) -> list[Json]:
    async def are_there() -> bool:
        return len(await votes(stack, run_id)) == number

    await until(are_there, seconds=60, what=f"{number} votes")
    return await votes(stack, run_id)


async def test_every_key_is_one_vote_and_every_pair_comes_once(visit: Visit, stack: Stack, run_id: str) -> None:
    await visit.open(f"/runs/{run_id}/vote")
    page = visit.page
    keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]
    chosen = page.locator(".side:not(.waiting) img")
    for number in range(VOTES):
        await expect(chosen).to_have_count(2)
        await page.keyboard.press(keys[number % 4])
    found = await counted(stack, run_id, VOTES)
    outcomes = [vote["outcome"] for vote in sorted(found, key=lambda vote: vote["position"])]
    said = ["left", "right", "tie", "both_bad"]
    assert outcomes == [said[number % 4] for number in range(VOTES)]
    assert len({frozenset((vote["left_id"], vote["right_id"])) for vote in found}) == VOTES
    await expect(page.get_by_text("top 3 settled at")).to_be_visible()
    assert {vote["voter"] for vote in found} == {"operator"}
    assert all(vote["milliseconds"] is not None for vote in found)


async def test_a_vote_arrives_and_is_taken_back_over_plain_http_from_another_machine(stack: Stack, run_id: str) -> None:
    """There a browser lacks what it grants to https and to its own machine: locks, the clipboard, random ids."""
    link = (await stack.post("/api/sign-in-links"))["url"]
    async with chromium("--host-resolver-rules=MAP hub.test 127.0.0.1") as browser:
        page = await browser.new_page()
        page.set_default_timeout(WAIT_MILLISECONDS)
        complaints = list[str]()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        away = stack.state()["api_url"].replace("127.0.0.1", "hub.test")
        await page.goto(link.replace("127.0.0.1", "hub.test"))
        assert not await page.evaluate("window.isSecureContext")
        before = len(await votes(stack, run_id))
        await page.goto(f"{away}/runs/{run_id}/vote")
        await expect(page.locator(".side:not(.waiting) img")).to_have_count(2)
        await page.keyboard.press("ArrowLeft")
        await counted(stack, run_id, before + 1)
        await page.keyboard.press("Backspace")
        await counted(stack, run_id, before)
        await page.goto(f"{away}/pipelines/new")
        await expect(page.get_by_role("heading", name="New pipeline")).to_be_visible()
        assert complaints == []


async def test_backspace_takes_the_last_vote_back_and_shows_its_pair_again(
    visit: Visit, stack: Stack, run_id: str
) -> None:
    before = len(await votes(stack, run_id))
    await visit.open(f"/runs/{run_id}/vote")
    page = visit.page
    picture = page.locator(".left:not(.waiting) img")
    shown = await picture.get_attribute("src")
    await page.keyboard.press("ArrowLeft")
    await counted(stack, run_id, before + 1)
    await page.keyboard.press("Backspace")
    await counted(stack, run_id, before)
    await expect(picture).to_have_attribute("src", str(shown))


async def test_votes_cast_without_a_connection_are_kept_and_sent_later_in_order(
    visit: Visit, stack: Stack, run_id: str
) -> None:
    before = len(await votes(stack, run_id))
    await visit.open(f"/runs/{run_id}/vote")
    page = visit.page
    await expect(page.locator(".side.waiting")).not_to_have_count(0)
    await page.route("**/api/votes?*", lambda route: route.abort())
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_text("2 votes kept here and sent later.")).to_be_visible()
    assert len(await votes(stack, run_id)) == before
    await page.unroute("**/api/votes?*")
    found = await counted(stack, run_id, before + 2)
    newest = sorted(found, key=lambda vote: vote["position"])[-2:]
    assert [vote["outcome"] for vote in newest] == ["left", "right"]
    await expect(page.get_by_text("kept here")).not_to_be_visible()
    visit.forgive("ERR_FAILED")


async def test_a_kill_walks_left_and_one_undo_brings_everything_back(visit: Visit, stack: Stack, run_id: str) -> None:
    live = {node["candidate_id"] for node in await stack.tree(run_id) if node["live"]}
    await visit.open(f"/runs/{run_id}/vote")
    page = visit.page
    await page.locator(".left:not(.waiting)").hover()
    await page.keyboard.press("x")
    walk = page.get_by_role("region", name="Kill to the left")
    await expect(walk.get_by_role("img", name="Another of its step")).to_be_visible()
    await page.keyboard.press("2")

    async def parent_is_dead() -> bool:
        rejected = [node for node in await stack.tree(run_id) if node["state"] == "rejected"]
        return len(rejected) == 2

    await until(parent_is_dead, seconds=30, what="the image and its parent to be rejected")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+z")

    async def all_live_again() -> bool:
        return live <= {node["candidate_id"] for node in await stack.tree(run_id) if node["live"]}

    await until(all_live_again, seconds=30, what="everything to live again")


async def test_when_every_pair_is_voted_on_the_page_says_so(visit: Visit, stack: Stack, run_id: str) -> None:
    await visit.open(f"/runs/{run_id}/vote")
    page = visit.page
    done = page.get_by_text("Every pair is voted on")
    shown = page.locator(".left:not(.waiting)")
    for _ in range(200):
        await expect(done.or_(shown).first).to_be_visible()
        if await done.is_visible():
            break
        await page.keyboard.press("ArrowLeft")
    await expect(done).to_be_visible()
    answer = await stack.http.get(f"/api/runs/{run_id}/next-pair")
    assert answer.json()["pair"] is None
