"""A real Chromium before the whole stack. The browser must be installed: nothing here is left out without one."""

from __future__ import annotations

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest_asyncio
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack, running_stack
from playwright.async_api import Browser, Page, async_playwright, expect

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
WAIT_MILLISECONDS = 30_000

expect.set_options(timeout=WAIT_MILLISECONDS)


@dataclass
class Visit:
    """One person before one page, and everything the page complained about."""

    page: Page
    stack: Stack
    complaints: list[str] = field(default_factory=list[str])

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.stack.state()['api_url']}{path}")

    def forgive(self, words: str) -> None:
        """What the test itself has brought about is no complaint: the browser writes of each refusal to its console."""
        self.complaints[:] = [one for one in self.complaints if words not in one]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack() -> AsyncGenerator[Stack]:
    async with running_stack(COMFY_STUB_SECONDS_PER_IMAGE="0.1") as stack:
        yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run_id(stack: Stack) -> str:
    """A run at rest, with its images and without a vote."""
    pipeline_id = await stack.define_pipeline(*portrait())
    run_id = await stack.start_run(pipeline_id, name="Gym Shoot", n=3, t=8, variables=VARIABLES)
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= 8 and run["open_jobs"] == 0, what="eight finals")
    return run_id


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncGenerator[Browser]:
    async with chromium() as browser:
        yield browser


@asynccontextmanager
async def chromium(*arguments: str) -> AsyncGenerator[Browser]:
    """A browser without a window. Fails where none is installed."""
    found = next((path for name in BROWSER_NAMES if (path := shutil.which(name))), None)
    assert found, f"the tests of the web UI need one of {', '.join(BROWSER_NAMES)}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *arguments])
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, stack: Stack) -> AsyncGenerator[Visit]:
    """Somebody who is signed in as the operator."""
    async with signed_in(browser, stack) as visit:
        yield visit


@asynccontextmanager
async def signed_in(browser: Browser, stack: Stack, role: str | None = None) -> AsyncGenerator[Visit]:
    """Somebody new in `role`, or the operator."""
    headers: dict[str, str] = {}
    if role is not None:
        issued = await stack.post("/api/tokens", {"name": f"a {role}", "role": role})
        headers = {"Authorization": f"Bearer {issued['token']}"}
    async with watched_page(browser, stack) as visit:
        answer = await stack.http.post("/api/sign-in-links", headers=headers)
        await visit.page.goto(answer.json()["url"])
        yield visit


@asynccontextmanager
async def watched_page(browser: Browser, stack: Stack) -> AsyncGenerator[Visit]:
    """The page of somebody unknown. What it writes to the console as an error, throws, or asks of others fails the
    test at its end."""
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(WAIT_MILLISECONDS)
    visit = Visit(page, stack)
    page.on("console", lambda message: visit.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    origin = stack.state()["api_url"]
    page.on("request", lambda request: None if own(request.url, origin) else visit.complaints.append(request.url))
    try:
        yield visit
    finally:
        await context.close()
    assert visit.complaints == []


def own(url: str, origin: str) -> bool:
    """Whether a request stays with the hub."""
    return url.startswith((f"{origin}/", "blob:", "data:"))
