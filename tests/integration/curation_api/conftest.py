"""One hub per test."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from integration.curation_api.hub import KEY, OPERATOR, Hub, running_hub


@pytest.fixture
async def hub(nats_url: str, postgres_url: str, tmp_path: Path) -> AsyncGenerator[Hub]:
    async with running_hub(nats_url, postgres_url, tmp_path) as running:
        yield running


@pytest.fixture
async def hasty_hub(nats_url: str, postgres_url: str, tmp_path: Path) -> AsyncGenerator[Hub]:
    """A hub that waits for the projector half a second only."""
    async with running_hub(
        nats_url, postgres_url, tmp_path, read_wait_seconds=0.5, verdict_wait_seconds=0.5, body_max_bytes=20_000
    ) as running:
        yield running


@pytest.fixture
async def closed_hub(nats_url: str, postgres_url: str, tmp_path: Path) -> AsyncGenerator[Hub]:
    """A hub that asks for tokens; its client is the operator."""
    async with running_hub(
        nats_url, postgres_url, tmp_path, api_auth="token", operator_token=OPERATOR, service_key=KEY
    ) as running:
        running.http.headers["Authorization"] = f"Bearer {OPERATOR}"
        yield running


@pytest.fixture
async def silent_hub(nats_url: str, postgres_url: str, tmp_path: Path) -> AsyncGenerator[Hub]:
    """A hub whose projector's notices are all lost."""
    async with running_hub(nats_url, postgres_url, tmp_path, notices_lost=True) as running:
        yield running


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
