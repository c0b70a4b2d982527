"""Images with all that is known of them, as an archive, through HTTP."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

from integration.curation_api.hub import Hub, problem
from PIL import Image
from PIL.PngImagePlugin import PngInfo

PATH = "/api/exports/images"


async def archive_of(hub: Hub, **query: Any) -> tuple[zipfile.ZipFile, list[dict[str, Any]]]:
    """The archive, proved whole, and its manifest."""
    answer = await hub.http.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="images.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive, [json.loads(line) for line in archive.read("manifest.jsonl").splitlines()]


async def listed(hub: Hub, **query: Any) -> list[str]:
    answer = await hub.http.get(PATH, params={"format": "jsonl", **query})
    return [json.loads(line)["candidate_id"] for line in answer.text.splitlines()]


async def test_every_image_is_there_unchanged_and_the_manifest_knows_it(hub: Hub) -> None:
    run_id = await hub.run(variables={"style": "oil"})
    base = await hub.image(run_id)
    child = await hub.image(run_id, base, 2)
    archive, manifest = await archive_of(hub)
    assert [line["candidate_id"] for line in manifest] == [base, child]
    assert archive.namelist() == [line["file"] for line in manifest] + ["manifest.jsonl"]
    for line in manifest:
        assert hashlib.sha256(archive.read(line["file"])).hexdigest() == line["sha256"] == line["file_sha256"]
    last = manifest[1]
    assert (last["parent_id"], last["step_name"], last["caption"]) == (base, "Face Fix", "a gym")
    assert (last["variables"]["style"], last["rating"], last["state"], last["rank"]) == ("oil", 1000, "live", 1)


async def test_an_archive_without_metadata_shows_the_same_pixels_and_says_what_its_files_are(hub: Hub) -> None:
    told, written = PngInfo(), io.BytesIO()
    told.add_text("prompt", "secret words")
    Image.new("RGB", (8, 8), (9, 9, 9)).save(written, "PNG", pnginfo=told)
    run_id = await hub.run()
    await hub.image(run_id, data=written.getvalue())
    archive, [line] = await archive_of(hub, metadata="strip")
    bare = archive.read(line["file"])
    assert b"secret words" not in bare
    assert hashlib.sha256(bare).hexdigest() == line["file_sha256"] != line["sha256"]
    with Image.open(io.BytesIO(bare)) as left, Image.open(written) as right:
        assert left.tobytes() == right.tobytes()


async def test_the_same_images_give_the_same_archive(hub: Hub) -> None:
    run_id = await hub.run()
    for _ in range(3):
        await hub.image(run_id)
    first, second = await hub.http.get(PATH), await hub.http.get(PATH)
    assert first.content == second.content


async def test_an_image_without_its_file_is_listed_with_the_reason(hub: Hub) -> None:
    run_id = await hub.run()
    gone, damaged, whole = [await hub.image(run_id) for _ in range(3)]
    places = [(await hub.get(f"/api/candidates/{one}"))["place"] for one in (gone, damaged)]
    await hub.images.delete(places[0])
    await hub.images.put(places[1], b"other bytes")
    archive, manifest = await archive_of(hub)
    assert [(line["candidate_id"], line["absence"]) for line in manifest] == [
        (gone, "missing"),
        (damaged, "damaged"),
        (whole, None),
    ]
    assert len(archive.namelist()) == 2


async def test_the_best_of_each_step_of_each_run_come_in_the_order_of_their_making(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    first, second = await hub.run(pipeline_id), await hub.run(pipeline_id)
    one, two, three = [await hub.image(first) for _ in range(3)]
    child = await hub.image(first, one, 2)
    other = await hub.image(second)
    cast = await hub.vote(two, three, "right")
    await hub.settle(cast.json()["position"])
    assert await listed(hub, top=2) == [one, three, child, other]
    assert await listed(hub, top=1, step=1) == [three, other]
    assert await listed(hub, run_id=second) == [other]


async def test_images_can_be_chosen_by_their_state(hub: Hub) -> None:
    run_id = await hub.run()
    base, kept = [await hub.image(run_id) for _ in range(2)]
    child = await hub.image(run_id, base, 2)
    rejected = await hub.http.post(f"/api/candidates/{base}/reject", json={})
    await hub.settle(rejected.json()["position"])
    assert [await listed(hub, status=state) for state in ("live", "rejected", "dead")] == [[kept], [base], [child]]
    assert await listed(hub) == [base, kept, child]


async def test_nothing_to_export_is_an_archive_with_an_empty_manifest(hub: Hub) -> None:
    archive, manifest = await archive_of(hub, run_id=await hub.run())
    assert (archive.namelist(), manifest) == (["manifest.jsonl"], [])
    problem(await hub.http.get(PATH, params={"run_id": "nowhere"}), 404, "run-unknown")


async def test_images_that_are_named_are_exported_alone(hub: Hub) -> None:
    run_id = await hub.run()
    first, _, third = [await hub.image(run_id) for _ in range(3)]
    assert await listed(hub, candidate_id=[third, first]) == [first, third]
    assert await listed(hub, candidate_id=[first], status="rejected") == []


async def test_more_images_than_an_address_has_room_for_are_named_in_a_form(hub: Hub) -> None:
    one, other = await hub.run(), await hub.run()
    first, _, third = await hub.image(one), await hub.image(one), await hub.image(other)
    named = {"candidate_ids": ",".join([third, first, *(f"nobody{number}" for number in range(4998))])}
    answer = await hub.http.post(PATH, data=named | {"format": "jsonl"})
    assert [json.loads(line)["candidate_id"] for line in answer.text.splitlines()] == [first, third]
    for wrong in (f"{first},", ",".join("a" * 5001)):
        problem(await hub.http.post(PATH, data={"candidate_ids": wrong}), 422, "invalid-request")
