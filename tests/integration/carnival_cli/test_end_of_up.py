"""How `carnival up` ends, and what is left of it."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fixtures.command_line import answer, carnival, up


@pytest.fixture
def folder() -> Generator[Path]:
    with TemporaryDirectory(prefix="carnival-up-") as name:
        yield Path(name) / "data"


def test_after_a_kill_nothing_runs_on_and_nothing_is_lost(folder: Path) -> None:
    with up(folder) as killed:
        run_id = answer(folder, "pipeline", "setup-example")["run_id"]
        killed.process.kill()
        killed.process.wait()
        assert killed.leftovers() == []
    with up(folder) as again:
        assert answer(folder, "run", "show", "Gym Shoot")["run_id"] == run_id
        done = carnival(folder, "down")
        assert done.returncode == 0, done.stderr
        assert again.process.wait(10) == 0
        assert again.leftovers() == []
    assert carnival(folder, "ps").returncode == 3
