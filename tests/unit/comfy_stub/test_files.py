"""Names of saved files and of uploads."""

from __future__ import annotations

from pathlib import Path

import pytest

from comfy_stub.files import Files, OutsideFolder, UnknownKind, split_annotation
from comfy_stub.naming import OutsideOutputFolder, save_place


@pytest.fixture
def files(tmp_path: Path) -> Files:
    files = Files(tmp_path)
    files.prepare()
    return files


def test_the_counter_goes_on_from_the_highest_number(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "x_00007_.png").touch()
    place = save_place("sub/x", tmp_path, 8, 8)
    assert (place.subfolder, place.name(0), place.name(1)) == ("sub", "x_00008_.png", "x_00009_.png")


def test_the_name_of_a_deleted_last_file_is_used_again(tmp_path: Path) -> None:
    name = save_place("x", tmp_path, 8, 8).name(0)
    (tmp_path / name).touch()
    (tmp_path / name).unlink()
    assert save_place("x", tmp_path, 8, 8).name(0) == name


@pytest.mark.parametrize(
    ("prefix", "name"),
    [
        ("", "._00001_.png"),
        ("t/dir/", "dir_00001_.png"),
        ("%width%x%height%", "8x6_00001_.png"),
        ("%a.b%", "%a.b%_00001_.png"),
    ],
)
def test_odd_prefixes_make_the_names_that_comfyui_makes(tmp_path: Path, prefix: str, name: str) -> None:
    assert save_place(prefix, tmp_path, 8, 6).name(0) == name


def test_a_prefix_may_not_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(OutsideOutputFolder, match="outside the output folder"):
        save_place("../../x", tmp_path / "output", 8, 8)


def test_uploads_are_renamed_unless_the_bytes_are_known(files: Files) -> None:
    names = [files.upload("input", "", "p.png", content, overwrite=False) for content in (b"1", b"2", b"2", b"1", b"3")]
    assert names == ["p.png", "p (1).png", "p (1).png", "p.png", "p (2).png"]


def test_overwriting_keeps_the_name(files: Files) -> None:
    files.upload("input", "hub", "p.png", b"1", overwrite=False)
    assert files.upload("input", "hub", "p.png", b"2", overwrite=True) == "p.png"
    assert (files.folder("input") / "hub" / "p.png").read_bytes() == b"2"


@pytest.mark.parametrize(
    ("subfolder", "name", "error"),
    [("../x", "p.png", OutsideFolder), ("", "../../p.png", OutsideFolder), ("", "a/b/p.png", OSError)],
)
def test_uploads_stay_in_their_folder(files: Files, subfolder: str, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        files.upload("input", subfolder, name, b"1", overwrite=False)


def test_an_unknown_kind_is_refused(files: Files) -> None:
    with pytest.raises(UnknownKind):
        files.folder("bogus")


@pytest.mark.parametrize(
    ("name", "parts"),
    [("a.png [output]", ("a.png", "output")), ("a.png[output]", ("a.pn", "output")), ("a.png", ("a.png", ""))],
)
def test_the_folder_behind_an_annotated_name_is_told_from_it(name: str, parts: tuple[str, str]) -> None:
    assert split_annotation(name) == parts
