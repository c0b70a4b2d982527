"""A real Chromium before the whole stack. The browser must be installed: nothing here is left out without one."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest_asyncio
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack, running_stack
from playwright.async_api import Browser, Page, async_playwright

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
WAIT_MILLISECONDS = 30_000


@dataclass
class Visit:
    """One person before one page, and everything the page complained about."""

    page: Page
    stack: Stack
    complaints: list[str] = field(default_factory=list[str])

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.stack.state()['api_url']}{path}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack() -> AsyncGenerator[Stack]:
    async with running_stack(COMFY_STUB_SECONDS_PER_IMAGE="0.1") as stack:
        yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run_id(stack: Stack) -> str:
    """A run at rest, with its images and without a vote."""
    pipeline_id = await stack.define_pipeline(*portrait())
    run_id = await stack.start_run(pipeline_id, name="Gym Shoot", n=3, t=6, variables=VARIABLES)
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= 6 and run["open_jobs"] == 0, what="six finals")
    return run_id


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncGenerator[Browser]:
    found = next((path for name in BROWSER_NAMES if (path := shutil.which(name))), None)
    assert found, f"the tests of the web UI need one of {', '.join(BROWSER_NAMES)}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, stack: Stack) -> AsyncGenerator[Visit]:
    """Somebody who is signed in. Whatever the page writes to the console as an error fails the test at its end."""
    async with signed_in(browser, stack) as visit:
        yield visit
    assert visit.complaints == []


@asynccontextmanager
async def signed_in(browser: Browser, stack: Stack) -> AsyncGenerator[Visit]:
    page = await browser.new_page()
    page.set_default_timeout(WAIT_MILLISECONDS)
    visit = Visit(page, stack)
    page.on("console", lambda message: visit.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    origin = stack.state()["api_url"]
    page.on("request", lambda request: None if own(request.url, origin) else visit.complaints.append(request.url))
    answer = await stack.http.post("/api/sign-in-links")
    await page.goto(answer.json()["url"])
    try:
        yield visit
    finally:
        await page.close()


def own(url: str, origin: str) -> bool:
    """Whether a request stays with the hub."""
    return url.startswith((f"{origin}/", "blob:", "data:"))
