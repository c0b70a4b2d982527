"""A gateway over stand-in servers, a log in memory and files below a temporary folder."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from integration.comfy_gateway.rig import Rig

from comfy_stub.server import RunningStub, running_stub
from comfy_stub.settings import Settings as StubSettings


@pytest.fixture
async def stub() -> AsyncGenerator[RunningStub]:
    async with running_stub(StubSettings(seconds_per_image=0.02)) as running:
        yield running


@pytest.fixture
async def other_stub() -> AsyncGenerator[RunningStub]:
    async with running_stub(StubSettings(seconds_per_image=0.02)) as running:
        yield running


@pytest.fixture
async def rig(tmp_path: Path, stub: RunningStub) -> Rig:
    """A world with one stand-in. `async with rig.gateway():` runs a gateway in it."""
    return Rig(tmp_path, [stub])
