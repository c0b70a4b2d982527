"""One running Carnival for all commands."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fixtures.command_line import Up, answer, carnival, up

from carnival.testing import until


@pytest.fixture(scope="package")
def running() -> Generator[Up]:
    with TemporaryDirectory(prefix="carnival-up-") as folder, up(Path(folder) / "data") as started:
        yield started


@pytest.fixture
def data(running: Up) -> Path:
    return Path(running.state["data"])


@pytest.fixture(scope="package")
def grown() -> dict[str, str]:
    """The run of the fixture `run`, once it is grown."""
    return {}


@pytest.fixture
async def run(data: Path, example: dict[str, str], grown: dict[str, str]) -> str:
    """A run whose tree has stopped growing, named as a shell completes it. Three finals, so that there are pairs."""
    if not grown:
        answer(data, "run", "create", "portrait", "--name", "Late Light", "--prompt", "a pier", "--n", "2", "--t", "3")
        watched = carnival(data, "run", "watch", "late-light", "--until-finals", "--timeout", "90", "--json")
        assert watched.returncode == 0, watched.stderr
        grown["run_id"] = answer(data, "run", "complete", "late-light")["run"]["run_id"]
        await until(lambda: answer(data, "run", "show", "late-light")["open_jobs"] == 0, 60)
    return "late-light"


@pytest.fixture
def example(data: Path) -> dict[str, str]:
    return answer(data, "pipeline", "setup-example")
