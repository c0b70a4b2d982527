"""Pauses, locks, state and logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnival_cli.up.layout import Layout
from carnival_cli.up.lock import AlreadyRunning, folder_lock, holder_of
from carnival_cli.up.logs import rotate
from carnival_cli.up.process import next_pause
from carnival_cli.up.state import read_state


def layout_in(folder: Path) -> Layout:
    layout = Layout.of(folder)
    layout.create()
    return layout


def test_the_pause_grows_to_five_seconds_and_no_further() -> None:
    pauses = [0.0]
    for _ in range(7):
        pauses.append(next_pause(pauses[-1], 0.1))
    assert pauses[1:] == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0])


def test_after_a_steady_life_the_pause_is_short_again() -> None:
    assert next_pause(5.0, 60) == pytest.approx(0.2)


def test_a_second_holder_learns_who_the_first_is(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    with folder_lock(layout, "http://127.0.0.1:8000"):
        with pytest.raises(AlreadyRunning, match=r"already at http://127\.0\.0\.1:8000 \(process \d+\)"):
            with folder_lock(layout, "http://127.0.0.1:8001"):
                pass
        assert holder_of(layout)
    assert holder_of(layout) is None


def test_a_folder_nobody_used_is_held_by_nobody(tmp_path: Path) -> None:
    assert holder_of(Layout.of(tmp_path / "absent")) is None


def test_a_broken_state_file_counts_as_none(tmp_path: Path) -> None:
    layout = layout_in(tmp_path)
    layout.state.write_text('{"pid": 1', encoding="utf-8")
    assert read_state(layout) is None


def test_a_long_log_is_moved_aside_and_goes_on_in_the_same_file(tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    with log.open("ab", buffering=0) as program:
        program.write(b"early" * 10)
        rotate(log, bytes_max=20)
        program.write(b"late")
    assert log.read_bytes() == b"late"
    assert (tmp_path / "one.log.1").read_bytes() == b"early" * 10


def test_a_short_log_stays(tmp_path: Path) -> None:
    log = tmp_path / "one.log"
    log.write_bytes(b"short")
    rotate(log, bytes_max=20)
    assert not (tmp_path / "one.log.1").exists()
