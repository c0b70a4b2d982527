"""What every image store promises, checked on files and on a real S3 server."""

from __future__ import annotations

import asyncio
import hashlib
import random
from pathlib import Path

import pytest

from carnival.configuration import read_settings
from carnival.configuration.service import ImageStoreSettings
from carnival.images.opening import open_image_store
from carnival.images.port import PIECE_BYTES, ImageMissing, ImageStore, StoreFailed, UnsafePlace, stream

LARGE = random.Random(7).randbytes(9 * PIECE_BYTES + 4711)


@pytest.fixture(params=["files", "s3"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    if request.param == "files":
        return {"IMAGE_STORE": f"file://{tmp_path}/images"}
    return request.getfixturevalue("s3_environment")


@pytest.fixture
def store(environment: dict[str, str]) -> ImageStore:
    return open_image_store(read_settings(ImageStoreSettings, environment))


async def collected(store: ImageStore, place: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in stream(store, place, start, end)])


@pytest.mark.parametrize("place", ["one.png", "run/base/one.png", "a run/üñ #1 100%25 + 'é'&=?~.png"])
async def test_what_is_put_can_be_got(store: ImageStore, place: str) -> None:
    assert await store.put(place, b"pixels") == hashlib.sha256(b"pixels").hexdigest()
    assert await store.get(place) == b"pixels"
    assert await store.exists(place)
    assert await store.size(place) == 6


async def test_large_files_and_their_parts_come_back_as_they_went(store: ImageStore) -> None:
    await store.put("large.png", LARGE)
    assert await store.size("large.png") == len(LARGE)
    assert await store.read("large.png", 100, 300) == LARGE[100:300]
    assert await store.read("large.png", len(LARGE) - 5, len(LARGE)) == LARGE[-5:]
    assert await collected(store, "large.png", 0, len(LARGE)) == LARGE
    assert (
        await collected(store, "large.png", PIECE_BYTES - 1, 3 * PIECE_BYTES)
        == LARGE[PIECE_BYTES - 1 : 3 * PIECE_BYTES]
    )


async def test_the_same_bytes_may_be_put_again_and_others_replace_them(store: ImageStore) -> None:
    for data in (b"old", b"old", b"new"):
        await store.put("one.png", data)
        assert await store.get("one.png") == data


async def test_a_missing_image_has_its_own_error(store: ImageStore) -> None:
    await store.put("run/one.png", b"pixels")
    for place in ("run/none.png", "none/at/all.png", "run"):
        assert not await store.exists(place)
        with pytest.raises(ImageMissing):
            await store.get(place)
        with pytest.raises(ImageMissing):
            await store.read(place, 0, 1)
        with pytest.raises(ImageMissing):
            await store.size(place)


async def test_deleting_is_done_once_and_may_be_asked_again(store: ImageStore) -> None:
    await store.put("run/one.png", b"one")
    await store.put("run/two.png", b"two")
    for _ in range(2):
        await store.delete("run/one.png")
        assert not await store.exists("run/one.png")
    await store.delete("none/at/all.png")
    assert await store.get("run/two.png") == b"two"


async def test_nobody_ever_sees_a_part_of_a_file(store: ImageStore) -> None:
    """Readers look as often as they can while two versions replace each other."""
    versions = [LARGE[: 3 * PIECE_BYTES], LARGE[PIECE_BYTES : 3 * PIECE_BYTES]]
    await store.put("one.png", versions[0])
    seen: set[int] = set()

    async def look() -> None:
        while True:
            data = await store.get("one.png")
            assert data in versions
            seen.add(len(data))

    readers = [asyncio.create_task(look()) for _ in range(3)]
    for turn in range(10):
        await store.put("one.png", versions[turn % 2])
    for reader in readers:
        assert not reader.done(), reader.exception()
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    assert seen


async def test_a_stream_of_a_file_that_is_too_short_breaks_off(store: ImageStore) -> None:
    await store.put("short.png", b"0123456789")
    with pytest.raises(StoreFailed):
        await collected(store, "short.png", 0, 20)


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
async def test_no_place_leads_out_of_the_store(store: ImageStore, place: str) -> None:
    for call in (store.put(place, b"x"), store.get(place), store.read(place, 0, 1), store.size(place)):
        with pytest.raises(UnsafePlace):
            await call
    for call in (store.exists(place), store.delete(place)):
        with pytest.raises(UnsafePlace):
            await call


async def test_a_server_that_is_away_is_told_apart_from_a_missing_image(s3_environment: dict[str, str]) -> None:
    gone = s3_environment | {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}
    elsewhere = s3_environment | {"IMAGE_STORE": "s3://nobodys-bucket"}
    for environment in (gone, elsewhere):
        store = open_image_store(read_settings(ImageStoreSettings, environment))
        with pytest.raises(StoreFailed):
            await store.get("one.png")
        with pytest.raises(StoreFailed):
            await store.put("one.png", b"x")
