"""Image files over HTTP: validators, ranges, thumbnails, metadata, what is gone (IMG-1)."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from integration.curation_api.hub import Hub, problem, running_hub
from PIL import Image, PngImagePlugin

from carnival.contracts.candidate import ImagesDiscarded
from carnival.contracts.ids import CandidateId
from carnival.testing import until

SECRET = "a prompt that stays at home"


@pytest.fixture(params=["files", "s3"])
async def any_hub(
    request: pytest.FixtureRequest, nats_url: str, postgres_url: str, tmp_path: Path
) -> AsyncGenerator[Hub]:
    """A hub on each kind of image store."""
    chosen: dict[str, Any] = {}
    if request.param == "s3":
        given: dict[str, str] = request.getfixturevalue("s3_environment")
        chosen = {
            "image_store": given["IMAGE_STORE"],
            "s3_endpoint": given["AWS_ENDPOINT_URL_S3"],
            "s3_region": given["AWS_REGION"],
            "s3_access_key_id": given["AWS_ACCESS_KEY_ID"],
            "s3_secret_access_key": given["AWS_SECRET_ACCESS_KEY"],
        }
    async with running_hub(nats_url, postgres_url, tmp_path, **chosen) as running:
        yield running


def painted(width: int, height: int) -> bytes:
    """A PNG as ComfyUI writes it, its prompt inside."""
    about = PngImagePlugin.PngInfo()
    about.add_text("prompt", SECRET)
    data = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(data, "PNG", pnginfo=about)
    return data.getvalue()


async def shown(hub: Hub, width: int = 2000, height: int = 500) -> tuple[CandidateId, bytes]:
    data = painted(width, height)
    return await hub.image(await hub.run(), data=data, size=(width, height)), data


async def test_an_image_is_served_with_its_type_and_cached_for_ever(any_hub: Hub) -> None:
    image, data = await shown(any_hub)
    place = f"/api/candidates/{image}/image"
    answer = await any_hub.http.get(place)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, "image/png", data)
    assert answer.headers["etag"] == f'"{hashlib.sha256(data).hexdigest()}"'
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    cached = await any_hub.http.get(place, headers={"If-None-Match": f'"x", {answer.headers["etag"]}'})
    assert (cached.status_code, cached.content) == (304, b"")
    assert (await any_hub.http.get(place, headers={"If-None-Match": '"other"'})).status_code == 200
    head = await any_hub.http.head(place)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(data)))
    assert head.headers["etag"] == answer.headers["etag"]


async def test_one_range_is_served_in_part(any_hub: Hub) -> None:
    image, data = await shown(any_hub)
    place = f"/api/candidates/{image}/image"
    etag = f'"{hashlib.sha256(data).hexdigest()}"'

    async def part(wanted: str, **headers: str) -> httpx.Response:
        return await any_hub.http.get(place, headers={"Range": wanted, **headers})

    for wanted, start, end in (("bytes=10-19", 10, 20), ("bytes=10-", 10, len(data)), ("bytes=-7", -7, len(data))):
        answer = await part(wanted)
        assert (answer.status_code, answer.content) == (206, data[start:end])
        first = start % len(data)
        assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/{len(data)}"
    for whole in (await part("bytes=0-1,5-6"), await part("lines=1-2"), await part("bytes=0-4", **{"If-Range": '"x"'})):
        assert (whole.status_code, whole.content) == (200, data)
    assert (await part("bytes=0-4", **{"If-Range": etag})).status_code == 206
    behind = await part(f"bytes={len(data)}-")
    problem(behind, 416, "bad-range")
    assert behind.headers["content-range"] == f"bytes */{len(data)}"


async def test_thumbnails_are_small_bare_and_chosen_by_width(any_hub: Hub) -> None:
    image, data = await shown(any_hub)

    async def seen(path: str) -> tuple[int, int]:
        answer = await any_hub.http.get(f"/api/candidates/{image}/{path}")
        assert answer.status_code == 200, answer.text
        assert SECRET.encode() not in answer.content
        assert answer.headers["content-type"] == "image/webp"
        return Image.open(BytesIO(answer.content)).size

    assert await seen("thumbnail") == await seen("thumbnail?width=256") == await seen("image?width=100") == (256, 64)
    assert await seen("image?width=257") == await seen("thumbnail?width=5000") == (1024, 256)
    assert (await any_hub.http.get(f"/api/candidates/{image}/image?width=1025")).content == data
    tags = {
        (await any_hub.http.get(f"/api/candidates/{image}/{path}")).headers["etag"]
        for path in ("image", "thumbnail", "thumbnail?width=1024", "image?metadata=strip")
    }
    assert len(tags) == 4


async def test_thumbnails_are_made_before_anybody_asks_and_again_when_they_are_lost(hub: Hub) -> None:
    image, data = await shown(hub)
    name = hashlib.sha256(data).hexdigest()
    files = [hub.file(f"thumbnails/{size}/{name[:2]}/{name}.webp") for size in (256, 1024)]
    await until(lambda: all(file.is_file() for file in files), seconds=30)
    for file in files:
        file.unlink()
    assert (await hub.http.get(f"/api/candidates/{image}/thumbnail")).status_code == 200
    assert all(file.is_file() for file in files)


async def test_what_is_shared_holds_no_prompt_and_the_same_pixels(any_hub: Hub) -> None:
    image, data = await shown(any_hub)
    assert SECRET.encode() in data
    place = f"/api/candidates/{image}/image?metadata=strip&download=true"
    answer = await any_hub.http.get(place)
    assert SECRET.encode() not in answer.content
    assert Image.open(BytesIO(answer.content)).tobytes() == Image.open(BytesIO(data)).tobytes()
    assert answer.headers["content-disposition"].startswith('attachment; filename="f-')
    part = await any_hub.http.get(place, headers={"Range": "bytes=5-60"})
    assert (part.status_code, part.content) == (206, answer.content[5:61])


async def test_a_missing_file_is_not_found_also_for_who_has_it(hub: Hub) -> None:
    image = await hub.image(await hub.run())
    view = await hub.get(f"/api/candidates/{image}")
    hub.file(view["place"]).unlink()
    headers = {"If-None-Match": f'"{view["sha256"]}"'}
    for query in ("", "?metadata=strip"):
        answer = await hub.http.get(f"/api/candidates/{image}/image{query}", headers=headers)
        problem(answer, 404, "image-missing")


async def test_nothing_outside_of_the_root_is_ever_served(hub: Hub) -> None:
    image = await hub.image(await hub.run())
    for place in ("../../etc/passwd", "/etc/passwd", "f/../../x", "f"):
        with psycopg.connect(hub.database_url, autocommit=True) as session:
            session.execute("UPDATE carnival.candidates SET place = %s", (place,))
        problem(await hub.http.get(f"/api/candidates/{image}/image"), 404, "image-missing")


async def test_a_damaged_original_has_no_thumbnail_and_says_so(hub: Hub) -> None:
    image = await hub.image(await hub.run(), data=b"no picture at all")
    problem(await hub.http.get(f"/api/candidates/{image}/thumbnail"), 404, "image-damaged")
    problem(await hub.http.get(f"/api/candidates/{image}/image?metadata=strip"), 404, "image-damaged")


async def test_of_a_discarded_original_the_thumbnails_are_left(hub: Hub) -> None:
    run_id = await hub.run()
    image = await hub.image(run_id)
    assert (await hub.http.get(f"/api/candidates/{image}/thumbnail")).status_code == 200
    await hub.http.post(f"/api/candidates/{image}/reject")
    await hub.settle(await hub.append(ImagesDiscarded(run_id=run_id, candidate_ids=(image,)), "curation-api"))
    problem(await hub.http.get(f"/api/candidates/{image}/image"), 404, "image-discarded")
    for path in ("thumbnail", "image?width=256", "image?width=9000"):
        answer = await hub.http.get(f"/api/candidates/{image}/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
