"""PAY-5, RUN-6, CLI-2."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from carnival.contracts.ids import RunId
from carnival.images.port import checked_place
from curation_api.domain.folder import checked_folder, dated_folder, dated_folder_apart
from curation_api.domain.refusals import BadFolder

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("folder", ["shoots", "2026/gym shoot", "a/b/c", "ünï", "shoots/"])
def test_a_plain_relative_path_is_taken(folder: str) -> None:
    checked = checked_folder(folder)
    assert checked == folder.rstrip("/")
    checked_place(f"{checked}/step/file.png")


@pytest.mark.parametrize(
    "folder",
    ["", "/", "/etc", "..", "a/../b", "a//b", "./a", "a\\b", "C:/x", "a/\x00", "a\nb", "x" * 201, "ä" * 60, " /a"],
)
def test_anything_that_could_leave_the_root_is_refused(folder: str) -> None:
    with pytest.raises(BadFolder):
        checked_folder(folder)


def test_a_run_gets_a_folder_of_its_day_and_slug() -> None:
    assert dated_folder("Gym Shoot", NOON) == "2026-11-22-gym-shoot"
    assert dated_folder("???", NOON) == "2026-11-22-run"


def test_a_taken_folder_is_told_apart_and_still_ends_in_the_slug() -> None:
    other = dated_folder_apart("Gym Shoot", NOON, RunId("0123456789abcdef"))
    assert other == "2026-11-22-01234567-gym-shoot"
