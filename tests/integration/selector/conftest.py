"""A selector of its own for each test, on real servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager

import pytest
from integration.selector.read_model import ReadModelRows

from carnival.concurrency import end_tasks
from selector.main import Selector, assembled
from selector.settings import Settings


@pytest.fixture
def rows(read_model_url: str) -> Generator[ReadModelRows]:
    with ReadModelRows(read_model_url) as open_rows:
        yield open_rows


@pytest.fixture
def settings(read_model_url: str, nats_url: str) -> Settings:
    """A slow timer: what happens in a test happens because something woke the selector."""
    return Settings(database_url=read_model_url, nats_url=nats_url, interval_seconds=30)


@asynccontextmanager
async def running_selector(settings: Settings) -> AsyncGenerator[Selector]:
    """A selector at work, in this process."""
    async with assembled(settings) as selector:
        await selector.app.start()
        tasks = [asyncio.create_task(selector.lease.run()), asyncio.create_task(selector.loop())]
        try:
            yield selector
        finally:
            await end_tasks(tasks)
            await selector.app.stop()
