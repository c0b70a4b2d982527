"""What only the store in files has to care for."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from carnival.configuration import BadSetting, read_settings
from carnival.configuration.service import ImageStoreSettings
from carnival.images.files import FileImageStore, aside_of
from carnival.images.opening import open_image_store
from carnival.images.port import LEFT_BEHIND_SECONDS, UnsafePlace


async def test_nothing_but_the_file_is_left_behind(tmp_path: Path) -> None:
    await FileImageStore(tmp_path).put("run/base/one.png", b"pixels")
    assert [path.name for path in (tmp_path / "run" / "base").iterdir()] == ["one.png"]


async def test_what_a_killed_writer_left_is_swept_once_it_is_old(tmp_path: Path) -> None:
    """A process that is killed while it writes leaves the bytes it had under a hidden name."""
    store = FileImageStore(tmp_path)
    await store.put("run/base/one.png", b"pixels")
    kept = tmp_path / "run" / "base" / "one.png"
    old, young, hidden = aside_of(kept), aside_of(kept), kept.with_name(".mine.png")
    for path in (old, young, hidden):
        path.write_bytes(b"pix")
    for path in (old, hidden, kept):
        os.utime(path, (0, time.time() - LEFT_BEHIND_SECONDS - 60))
    assert await store.sweep() == 1
    assert not old.exists()
    assert all(path.exists() for path in (young, hidden, kept))
    assert await store.sweep() == 0


async def test_a_link_out_of_the_root_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "root" / "way").symlink_to(tmp_path / "outside")
    with pytest.raises(UnsafePlace):
        await FileImageStore(tmp_path / "root").put("way/out.png", b"x")


async def test_a_folder_is_named_in_either_way(tmp_path: Path) -> None:
    await FileImageStore(tmp_path / "my images").put("one.png", b"pixels")
    for environment in (
        {"IMAGE_ROOT": str(tmp_path / "my images")},
        {"IMAGE_ROOT": "elsewhere", "IMAGE_STORE": f"file://{tmp_path}/my%20images"},
    ):
        assert await open_image_store(read_settings(ImageStoreSettings, environment)).get("one.png") == b"pixels"


@pytest.mark.parametrize("address", ["images", "file://images", "ftp://a/b", "s3://", "s3://No_Bucket/x"])
def test_an_address_of_no_store_is_refused_by_name(address: str) -> None:
    with pytest.raises(BadSetting, match="IMAGE_STORE"):
        read_settings(ImageStoreSettings, {"IMAGE_STORE": address})


def test_a_secret_is_not_shown() -> None:
    settings = read_settings(ImageStoreSettings, {"AWS_SECRET_ACCESS_KEY": "hush", "AWS_SESSION_TOKEN": "hush"})
    assert "hush" not in repr(settings)
