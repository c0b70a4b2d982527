"""The image store writes whole files below its root and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnival.images.files import FileImageStore
from carnival.images.port import ImageMissing, UnsafePlace


async def test_what_is_put_can_be_got(tmp_path: Path) -> None:
    store = FileImageStore(tmp_path)
    await store.put("run/base/one.png", b"pixels")
    assert await store.get("run/base/one.png") == b"pixels"
    assert await store.exists("run/base/one.png")
    assert [path.name for path in (tmp_path / "run" / "base").iterdir()] == ["one.png"]


async def test_putting_again_replaces(tmp_path: Path) -> None:
    store = FileImageStore(tmp_path)
    await store.put("one.png", b"old")
    await store.put("one.png", b"new")
    assert await store.get("one.png") == b"new"


async def test_a_missing_image_has_its_own_error(tmp_path: Path) -> None:
    store = FileImageStore(tmp_path)
    assert not await store.exists("run/none.png")
    with pytest.raises(ImageMissing):
        await store.get("run/none.png")


@pytest.mark.parametrize(
    "place",
    [
        "",
        "/etc/passwd",
        "../out.png",
        "a/../../out.png",
        "a/./b.png",
        "a//b.png",
        "a\\b.png",
        "a/\x00.png",
        "x" * 600,
        ".",
    ],
)
async def test_no_place_leads_out_of_the_root(tmp_path: Path, place: str) -> None:
    with pytest.raises(UnsafePlace):
        await FileImageStore(tmp_path).put(place, b"x")


async def test_a_link_out_of_the_root_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "root" / "way").symlink_to(tmp_path / "outside")
    with pytest.raises(UnsafePlace):
        await FileImageStore(tmp_path / "root").put("way/out.png", b"x")
