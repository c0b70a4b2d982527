"""The doctor's checks of the machine."""

from __future__ import annotations

from pathlib import Path

from carnival_cli.doctor.machine import check_disk, check_programs, check_python


def test_an_old_python_is_a_problem_with_a_remedy() -> None:
    assert not check_python((3, 10)).ok
    assert "3.11" in check_python((3, 10)).remedy
    assert check_python((3, 13)).ok


def test_the_servers_are_found_where_their_wheels_put_them() -> None:
    assert check_programs().ok


def test_space_is_looked_for_where_the_folder_will_be(tmp_path: Path) -> None:
    assert check_disk(tmp_path / "not" / "yet", bytes_needed=1).ok
    assert not check_disk(tmp_path, bytes_needed=2**80).ok
