"""The doctor's checks of the machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carnival_cli.doctor.machine import check_disk, check_programs, check_python
from carnival_cli.main import app


def test_an_old_python_is_a_problem_with_a_remedy() -> None:
    assert not check_python((3, 10)).ok
    assert "3.11" in check_python((3, 10)).remedy
    assert check_python((3, 13)).ok


def test_the_servers_are_found_where_their_wheels_put_them() -> None:
    assert check_programs().ok


def test_space_is_looked_for_where_the_folder_will_be(tmp_path: Path) -> None:
    assert check_disk(tmp_path / "not" / "yet", bytes_needed=1).ok
    assert not check_disk(tmp_path, bytes_needed=2**80).ok


def test_servers_of_its_own_are_not_looked_for_where_others_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NATS_URL", "nats://127.0.0.1:1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/carnival")
    said = CliRunner().invoke(app, ["doctor", "--json", "--api", "http://127.0.0.1:1"])
    checks = {finding["check"] for finding in json.loads(said.stdout)["findings"]}
    assert {"NATS", "Postgres", "API"} <= checks
    assert "Embedded servers" not in checks
