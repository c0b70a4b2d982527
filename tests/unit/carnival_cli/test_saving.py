"""Files that appear whole or not at all, and how an export names its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnival_cli.commands.export import FileFormat, Split, files_of
from carnival_cli.exits import CommandFailed
from carnival_cli.saving import whole_file


class InterruptedRun(Exception):
    pass


def test_a_file_that_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "votes.jsonl"
    target.write_text("before")
    with pytest.raises(InterruptedRun), whole_file(target) as file:
        file.write(b"half")
        raise InterruptedRun
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandFailed, match="cannot be written"), whole_file(tmp_path / "file" / "below"):
        raise AssertionError("nothing can be written there")


def test_the_ending_of_a_file_names_its_format_and_a_folder_gets_a_file_a_split(tmp_path: Path) -> None:
    def named(target: Path, kind: FileFormat | None = None, split: Split | None = None) -> list[tuple[str, FileFormat]]:
        return [(file.path.name, file.kind) for file in files_of(target, kind, split)]

    assert named(Path("v.parquet")) == [("v.parquet", FileFormat.PARQUET)]
    assert named(Path("-"), FileFormat.PARQUET) == [("-", FileFormat.PARQUET)]
    assert named(Path("-")) == [("-", FileFormat.JSONL)]
    assert [name for name, _ in named(tmp_path)] == ["train.jsonl", "validation.jsonl", "test.jsonl"]
    assert named(tmp_path, FileFormat.PARQUET, Split.TEST) == [("test.parquet", FileFormat.PARQUET)]
