"""Votes as a preference data set, through HTTP, read as training programs read it."""

from __future__ import annotations

import base64
import io
import json
import sys
from typing import Any

import pyarrow.parquet
import pytest
from integration.curation_api.hub import Hub, problem
from PIL import Image

from carnival.contracts.ids import CandidateId, RunId
from curation_api.adapters import preference_files

PATH = "/api/exports/preferences"


async def voted_on(hub: Hub, run_id: RunId, *outcomes: str) -> list[CandidateId]:
    """A base image, and beside each further one a vote of ada on the two."""
    images = [await hub.image(run_id) for _ in range(len(outcomes) + 1)]
    for image, outcome in zip(images[1:], outcomes, strict=True):
        cast = await hub.vote(images[0], image, outcome)
        await hub.settle(cast.json()["position"])
    return images


async def rows_of(hub: Hub, **query: Any) -> list[dict[str, Any]]:
    answer = await hub.http.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_every_vote_that_counts_is_a_row_in_the_columns_of_pick_a_pic(hub: Hub) -> None:
    run_id = await hub.run(variables={"style": "oil"})
    left, right, third, *_ = await voted_on(hub, run_id, "left", "right", "tie", "both_bad")
    rows = await rows_of(hub)
    assert [(row["label_0"], row["label_1"]) for row in rows] == [(1, 0), (0, 1), (0.5, 0.5)]
    assert [row["best_image_uid"] for row in rows] == [left, third, None]
    first = rows[0]
    assert (first["caption"], json.loads(first["variables"])["style"]) == ("a gym", "oil")
    assert (first["image_0_uid"], first["image_1_uid"]) == (left, right)
    assert (first["jpg_0"], first["jpg_1"]) == (None, None)
    assert (first["has_label"], first["are_different"]) == (True, True)
    assert (first["user_id"], first["step_name"], first["num_example_per_prompt"]) == ("ada", "Base", 3)
    file = await hub.http.get(first["image_0_url"])
    assert file.headers["etag"] == f'"{first["image_0_sha256"]}"'
    assert file.content == await hub.images.get(first["image_0_path"])


async def test_a_vote_taken_back_is_absent(hub: Hub) -> None:
    run_id = await hub.run()
    await voted_on(hub, run_id, "left", "right")
    undone = (await hub.get("/api/votes", voter="ada"))["items"][0]
    answer = await hub.http.delete(f"/api/votes/{undone['vote_id']}", params={"voter": "ada"})
    await hub.settle(answer.json()["position"])
    assert [row["outcome"] for row in await rows_of(hub)] == ["left"]


async def test_both_bad_comes_when_asked_for_and_is_flagged(hub: Hub) -> None:
    await voted_on(hub, await hub.run(), "both_bad")
    assert await rows_of(hub) == []
    (row,) = await rows_of(hub, both_bad=True)
    assert (row["has_label"], row["label_0"], row["label_1"], row["best_image_uid"]) == (False, 0, 0, None)


async def test_parquet_holds_the_same_rows_with_the_types_of_pick_a_pic(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preference_files, "ROWS_PER_GROUP", 1)
    await voted_on(hub, await hub.run(), "left", "tie", "right")
    answer = await hub.http.get(PATH, params={"format": "parquet"})
    file = pyarrow.parquet.ParquetFile(io.BytesIO(answer.content))
    types = {field.name: str(field.type) for field in file.schema_arrow}
    assert (types["label_0"], types["jpg_0"], types["has_label"]) == ("double", "binary", "bool")
    assert (types["ranking_id"], types["created_at"]) == ("int64", "timestamp[us, tz=UTC]")
    read = file.read().to_pylist()
    assert [row | {"created_at": None} for row in read] == [row | {"created_at": None} for row in await rows_of(hub)]


@pytest.mark.parametrize(("images", "kind"), [("original", "PNG"), ("jpeg", "JPEG")])
async def test_images_are_embedded_when_asked_for(hub: Hub, images: str, kind: str) -> None:
    await voted_on(hub, await hub.run(), "left")
    (row,) = await rows_of(hub, images=images)
    answer = await hub.http.get(PATH, params={"format": "parquet", "images": images})
    (same,) = pyarrow.parquet.read_table(io.BytesIO(answer.content)).to_pylist()
    assert same["jpg_1"] == base64.b64decode(row["jpg_1"])
    with Image.open(io.BytesIO(same["jpg_0"])) as picture:
        assert (picture.format, picture.size) == (kind, (8, 8))


async def test_a_file_that_is_gone_leaves_its_column_empty_and_the_vote_in_place(hub: Hub) -> None:
    left, _ = await voted_on(hub, await hub.run(), "left")
    place = (await hub.get(f"/api/candidates/{left}"))["place"]
    await hub.images.delete(place)
    (row,) = await rows_of(hub, images="original")
    assert row["jpg_0"] is None
    assert row["jpg_1"] is not None


async def test_splits_share_no_run_and_leave_none_out(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    for _ in range(12):
        await voted_on(hub, await hub.run(pipeline_id), "left")
    halves = {"validation": 0.3, "test": 0.3}
    parts = [await rows_of(hub, split=split, **halves) for split in ("train", "validation", "test")]
    runs = [{row["run_id"] for row in part} for part in parts]
    assert sum(len(part) for part in parts) == 12
    assert len(set().union(*runs)) == 12
    whole = await rows_of(hub, **halves)
    assert {(row["run_id"], row["split"]) for row in whole} == {
        (row["run_id"], row["split"]) for part in parts for row in part
    }


async def test_an_export_can_be_of_some_runs_and_of_one_step(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    first, second, third = [await hub.run(pipeline_id) for _ in range(3)]
    for run_id in (first, second, third):
        await voted_on(hub, run_id, "left")
    assert [row["run_id"] for row in await rows_of(hub, run_id=[third, first])] == [first, third]
    assert await rows_of(hub, step=2) == []


async def test_an_export_says_what_it_is_called_and_which_position_it_shows(hub: Hub) -> None:
    await voted_on(hub, await hub.run(), "left")
    answer = await hub.http.get(PATH, params={"split": "test", "test": 1, "validation": 0})
    assert answer.headers["content-disposition"] == 'attachment; filename="preferences-test.jsonl"'
    vote = (await hub.get("/api/votes"))["items"][0]
    assert int(answer.headers["carnival-projected"]) >= vote["position"]


async def test_what_cannot_be_exported_is_refused_before_anything_is_sent(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem(await hub.http.get(PATH, params={"run_id": "nowhere"}), 404, "run-unknown")
    problem(await hub.http.get(PATH, params={"test": 0.6, "validation": 0.6}), 409, "bad-fractions")
    problem(await hub.http.get(PATH, params={"format": "xml"}), 422, "invalid-request")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    problem(await hub.http.get(PATH, params={"format": "parquet"}), 409, "parquet-absent")
