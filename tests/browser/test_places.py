"""Every place of the UI opens from its address, says what it shows, and complains about nothing."""

from __future__ import annotations

import json
import os
import re
import signal

import pytest
from browser.conftest import Visit, signed_in, watched_page
from fixtures.pipelines import VARIABLES, WORKFLOWS, portrait
from fixtures.stack import Stack
from playwright.async_api import Browser, expect

from carnival.testing import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

SILENCE_MILLISECONDS = 60_000
"""A gateway that says nothing for 10 s is gone; a machine under load takes longer over it."""


async def test_runs_are_cards_that_lead_everywhere(visit: Visit, run_id: str) -> None:
    await visit.open("/")
    card = visit.page.get_by_role("article", name="Gym Shoot")
    await expect(card.get_by_text("Upscale")).to_be_visible()
    await card.get_by_role("link", name="Gym Shoot").click()
    await expect(visit.page).to_have_url(f"{visit.stack.state()['api_url']}/runs/{run_id}")


async def test_the_tree_shows_every_image_and_the_address_names_the_chosen_one(visit: Visit, run_id: str) -> None:
    await visit.page.set_viewport_size({"width": 1440, "height": 3000})
    await visit.open(f"/runs/{run_id}")
    nodes = await visit.stack.tree(run_id)
    await expect(visit.page.locator(".node")).to_have_count(len(nodes))
    await visit.page.locator(".node .picture").first.click()
    await expect(visit.page).to_have_url(
        f"{visit.stack.state()['api_url']}/runs/{run_id}?candidate={nodes[0]['candidate_id']}"
    )
    await visit.page.get_by_role("button", name="Fold this branch").first.click()
    await visit.page.get_by_role("button", name="Zoom out").click()
    await expect(visit.page).to_have_url(re.compile("zoom=71"))
    await visit.page.reload()
    await expect(visit.page.get_by_role("complementary", name="The chosen image")).to_be_visible()
    await expect(visit.page.get_by_role("button", name=re.compile("images below"))).to_be_visible()
    await expect(visit.page.get_by_text("71 %")).to_be_visible()


async def test_many_are_rejected_and_restored_at_once_in_the_gallery(visit: Visit, stack: Stack, run_id: str) -> None:
    await visit.open(f"/gallery?run={run_id}&step=3&status=live")
    page = visit.page
    select = page.get_by_role("button", name="Select", exact=True)
    await select.first.click()
    await select.nth(2).click(modifiers=["Shift"])
    await expect(page.get_by_text("3 images selected")).to_be_visible()
    await page.get_by_role("button", name="Kill").click()
    await expect(page.get_by_text("3 images killed")).to_be_visible()

    async def rejected(number: int) -> bool:
        return len([node for node in await stack.tree(run_id) if node["state"] == "rejected"]) == number

    await until(lambda: rejected(3), seconds=30, what="three rejections")
    await page.keyboard.press("Control+z")
    await until(lambda: rejected(0), seconds=30, what="three restorations")


async def test_all_that_match_are_selected_and_any_two_compared(visit: Visit, stack: Stack, run_id: str) -> None:
    refined = [node for node in await stack.tree(run_id) if node["step_order"] == 2]
    await visit.open(f"/gallery?run={run_id}&step=2")
    page = visit.page
    await page.get_by_role("button", name="Select all that match").click()
    await expect(page.get_by_text(f"{len(refined)} images selected")).to_be_visible()
    await page.keyboard.press("Escape")
    select = page.get_by_role("button", name="Select", exact=True)
    await select.first.click()
    await select.nth(1).click()
    await page.get_by_role("link", name="Compare").click()
    await page.get_by_role("button", name="Slider").click()
    await expect(page.locator(".stage.slider img")).to_have_count(2)
    await page.mouse.move(400, 400)
    await page.mouse.wheel(0, -500)
    await expect(page.locator(".stage")).to_have_attribute("style", re.compile(r"--zoom: 1\.[1-9]"))


async def test_an_image_shows_where_it_comes_from_and_why(visit: Visit, run_id: str) -> None:
    final = next(node for node in await visit.stack.tree(run_id) if node["step_order"] == 3)
    await visit.open(f"/candidates/{final['candidate_id']}")
    page = visit.page
    await expect(page.get_by_role("heading", name="Why it was made")).to_be_visible()
    await expect(
        page.get_by_role("list", name="From the base image to this one").get_by_role("listitem")
    ).to_have_count(3)
    await page.get_by_role("link", name="Its events").click()
    await page.locator("summary", has_text="ImageProduced").click()
    await page.get_by_role("link", name="The image").click()
    await expect(page.get_by_role("heading", name="Why it was made")).to_be_visible()


async def test_the_slider_shows_the_tree_as_it_was(visit: Visit, stack: Stack, run_id: str) -> None:
    events = await stack.pages(f"/api/runs/{run_id}/events")
    third = [event for event in events if event["type"] == "ImageProduced"][2]
    await visit.page.set_viewport_size({"width": 1440, "height": 3000})
    await visit.open(f"/runs/{run_id}?at={third['time'].replace('+', '%2B')}")
    await expect(visit.page.locator(".node")).to_have_count(3)
    await visit.page.get_by_role("button", name="Back to now").click()
    await expect(visit.page.locator(".node")).to_have_count(len(await stack.tree(run_id)))


async def test_the_log_of_a_run_is_read_and_filtered(visit: Visit, run_id: str) -> None:
    await visit.open(f"/runs/{run_id}/events?type=RunStarted")
    entries = visit.page.locator("details")
    await expect(entries).to_have_count(1)
    await entries.first.click()
    await expect(visit.page.locator("pre")).to_contain_text(run_id)


async def test_the_fleet_shows_each_server_and_why_it_is_idle(visit: Visit, run_id: str) -> None:
    await visit.open("/fleet")
    server = visit.page.get_by_role("article")
    await expect(server.get_by_text("ready")).to_be_visible()
    await expect(server.get_by_text("Idle:")).to_be_visible()
    await server.get_by_role("button", name="Drain").click()
    await expect(server.get_by_role("button", name="Take jobs again")).to_be_visible()
    await server.get_by_role("button", name="Take jobs again").click()
    await expect(server.get_by_role("button", name="Drain")).to_be_visible()


async def test_a_gateway_that_falls_silent_leaves_the_fleet_and_comes_back_when_it_was_killed(
    visit: Visit, stack: Stack, run_id: str
) -> None:
    await visit.open("/fleet")
    server = visit.page.get_by_role("article")
    await expect(server).to_be_visible()
    silent = stack.pid_of("comfy-gateway")
    assert silent is not None
    os.kill(silent, signal.SIGSTOP)
    await expect(visit.page.get_by_text("No server is there")).to_be_visible(timeout=SILENCE_MILLISECONDS)
    os.kill(silent, signal.SIGKILL)
    await expect(server.get_by_text("ready")).to_be_visible(timeout=SILENCE_MILLISECONDS)


async def test_a_pasted_workflow_becomes_a_pipeline(visit: Visit, stack: Stack) -> None:
    await visit.open("/pipelines/new")
    page = visit.page
    await page.get_by_label("Name", exact=True).first.fill("Pasted")
    await page.get_by_role("group", name="Step 1").get_by_label("Name").fill("Base")
    workflow = json.dumps(json.loads((WORKFLOWS / "base.json").read_text())["workflow"])
    await page.get_by_label("Workflow in API format").fill(workflow.replace("{{seed}}", "{{auto_seed}}"))
    await page.get_by_label("Workflow in API format").blur()
    await expect(page.get_by_text("Filled in for each job")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="New run")).to_be_visible()
    assert "Pasted" in [one["name"] for one in await stack.pages("/api/pipelines")]


async def test_the_gate_of_a_gated_run_is_opened_with_the_slider(visit: Visit, stack: Stack) -> None:
    pipeline_id = await stack.define_pipeline(*portrait(), name="Gated")
    run_id = await stack.start_run(pipeline_id, n=2, t=2, variables=VARIABLES, profile="gated", name="Gated")
    await stack.wait_for_run(run_id, lambda run: run["live"] >= 2, what="two images")
    await visit.open("/")
    await visit.page.get_by_role("article", name="Gated").get_by_text("1 gate waits").click()
    await visit.page.get_by_role("slider").fill("1")
    await expect(visit.page.locator("li.advances")).to_have_count(1)
    await visit.page.get_by_role("button", name="Open the gate").click()
    await stack.wait_for_run(run_id, lambda run: run["steps"][0]["approved_k"] == 1, what="the gate to be open")


async def test_a_run_is_started_from_the_form(visit: Visit, run_id: str) -> None:
    await visit.open("/pipelines")
    await visit.page.get_by_role("listitem").filter(has_text="Portrait").get_by_role("link", name="New run").click()
    page = visit.page
    await page.get_by_label("Name", exact=True).fill("From the form")
    for name, value in VARIABLES.items():
        await page.get_by_label(name, exact=True).fill(str(value))
    await page.get_by_text("How it is decided").click()
    await page.get_by_label("Finals to maintain").fill("1")
    await page.get_by_label("Children per image").fill("1")
    await page.get_by_label("Raffle of parents").select_option("the best win far more often")
    await page.get_by_label("Images", exact=True).fill("40")
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("heading", name="From the form")).to_be_visible()
    await expect(page.locator(".node").first).to_be_visible()
    run = await visit.stack.run(page.url.split("/")[-1])
    assert (run["raffle"]["weights"], run["ceilings"]["images"]) == ("boltzmann", 40)


async def test_a_page_of_nobody_asks_to_sign_in(browser: Browser, stack: Stack) -> None:
    async with watched_page(browser, stack) as visit:
        await visit.open("/")
        await expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
        visit.forgive("401")


async def test_each_role_is_shown_what_it_may_do(browser: Browser, stack: Stack, run_id: str) -> None:
    async with signed_in(browser, stack, "viewer") as visit:
        card = visit.page.get_by_role("article", name="Gym Shoot")
        await expect(card.get_by_role("link", name="Gallery")).to_be_visible()
        await expect(card.get_by_role("link", name="Vote")).not_to_be_visible()
        await expect(card.get_by_role("button", name="Pause")).not_to_be_visible()
        await visit.open("/runs/new")
        await expect(visit.page.get_by_text("ask an operator for the role curator")).to_be_visible()
        await expect(visit.page.get_by_role("button", name="Start")).to_be_disabled()
    async with signed_in(browser, stack, "voter") as visit:
        card = visit.page.get_by_role("article", name="Gym Shoot")
        await expect(card.get_by_role("link", name="Vote")).to_be_visible()
        await expect(card.get_by_role("button", name="Pause")).not_to_be_visible()
    async with signed_in(browser, stack, "curator") as visit:
        card = visit.page.get_by_role("article", name="Gym Shoot")
        await expect(card.get_by_role("button", name="Pause")).to_be_visible()
        await visit.open("/fleet")
        await expect(visit.page.get_by_role("article").get_by_text("Slots")).to_be_visible()
        await expect(visit.page.get_by_role("button", name="Drain")).not_to_be_visible()


async def test_a_link_works_once(browser: Browser, stack: Stack) -> None:
    async with signed_in(browser, stack) as visit:
        await expect(visit.page.get_by_role("heading", name="Runs")).to_be_visible()
        await visit.page.get_by_role("button", name="Sign out").click()
        await expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
        visit.forgive("401")


async def test_a_winner_is_chosen_among_the_leaders_and_taken_back(visit: Visit, stack: Stack, run_id: str) -> None:
    await visit.open("/winners")
    card = visit.page.get_by_role("article", name="Gym Shoot")
    await card.get_by_role("button", name="Choose place 2").click()
    await expect(card.get_by_text("The winner is chosen")).to_be_visible()
    run = await stack.run(run_id)
    assert run["winner_id"] == run["leaders"][1]["candidate_id"]
    async with visit.page.expect_download() as download:
        await card.get_by_role("link", name="Export the best").click()
    assert (await download.value).suggested_filename == "images.zip"
    await visit.page.keyboard.press("Control+z")
    await expect(card.get_by_text("No winner is chosen")).to_be_visible()
    assert (await stack.run(run_id))["winner_id"] is None


async def test_figures_are_drawn_of_all_runs_and_of_one(visit: Visit, run_id: str) -> None:
    await visit.open(f"/analytics?run={run_id}&price=1.5")
    page = visit.page
    images = (await visit.stack.run(run_id))["images"]
    await expect(page.get_by_role("img", name=f"Images per hour: {images} images in all")).to_be_visible()
    await expect(page.get_by_role("row", name="Upscale")).to_be_visible()
    await expect(page.get_by_text("Cost per final")).to_be_visible()
    await page.get_by_role("combobox", name="Run").select_option("All runs")
    await expect(page.get_by_role("heading", name="Step by step")).not_to_be_visible()


async def test_another_rating_system_is_compared_and_given_up(visit: Visit, run_id: str) -> None:
    await visit.open("/analytics/rescorings")
    page = visit.page
    await page.get_by_role("combobox", name="System").select_option("bradley-terry")
    await page.get_by_role("button", name="Count again and compare").click()
    await expect(page.get_by_text("Against the ratings in force then")).to_be_visible()
    await page.get_by_role("button", name="Give it up").click()
    await expect(page.get_by_text("given up", exact=False).first).to_be_visible()
    await expect(page.get_by_role("button", name="Let it rate from now on")).not_to_be_visible()


async def test_a_run_is_forked_from_a_moment_and_its_history_supposed_otherwise(
    visit: Visit, stack: Stack, run_id: str
) -> None:
    events = await stack.pages(f"/api/runs/{run_id}/events")
    third = [event for event in events if event["type"] == "ImageProduced"][2]
    await visit.page.set_viewport_size({"width": 1440, "height": 3000})
    await visit.open(f"/runs/{run_id}?at={third['time'].replace('+', '%2B')}")
    page = visit.page
    await page.get_by_role("link", name="Fork from here").click()
    await page.get_by_label("Name").fill("Forked")
    await page.get_by_label("Finals to maintain").fill("0")
    await page.get_by_role("button", name="Fork", exact=True).click()
    await expect(page.get_by_role("heading", name="Forked")).to_be_visible()
    await expect(page.locator(".node")).to_have_count(3)
    await visit.open(f"/runs/{run_id}/what-if")
    await page.get_by_label("Children per image").fill("1")
    await page.get_by_role("button", name="Decide again").click()
    await expect(page.get_by_text("Jobs left out")).to_be_visible()
