"""A site for each test, on the session's NATS server or on one that may die."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from fixtures.mortal import MortalServer
from integration.comfy_gateway.crash_points.site import Site, site_on

from comfy_gateway.application import pull_jobs
from comfy_stub.server import RunningStub


@pytest.fixture
def early_deliveries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs of the dead are delivered again after 1.5 s instead of 10, so the living say more often that they live."""
    monkeypatch.setattr(pull_jobs, "KEEP_SECONDS", 0.3)


@pytest.fixture
async def site(
    nats_url: str, stub: RunningStub, tmp_path: Path, early_deliveries: None, broken_lines: None
) -> AsyncGenerator[Site]:
    async with site_on(nats_url, stub, tmp_path / "images") as site:
        yield site


@pytest.fixture
async def mortal_site(
    mortal_nats: MortalServer, stub: RunningStub, tmp_path: Path, early_deliveries: None
) -> AsyncGenerator[Site]:
    async with site_on(mortal_nats.url, stub, tmp_path / "images") as site:
        yield site
