"""Each process is killed at random moments while a run is on; the run ends as if nothing had happened."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

import httpx
import pytest
from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Json, Stack, running_stack

VOTES = 12
RUN_SECONDS = 150
KILLED = ("nats", "postgres", "projector", "selector", "comfy-gateway", "curation-api", "comfy-stub")


@pytest.mark.timeout(400)
@pytest.mark.parametrize("seed", [1])
async def test_a_run_survives_the_death_of_every_process(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    settings = {"COMFY_STUB_SECONDS_PER_IMAGE": "0.3", "LOST_GRACE_SECONDS": "2", "COMFYUI_POLL_INTERVAL": "1"}
    async with running_stack(tmp_path / "data", **settings) as stack:
        pipeline_id = await stack.define_pipeline(*portrait())
        run_id = await stack.start_run(pipeline_id, n=2, t=8, variables=VARIABLES)
        order = [*KILLED]
        chance.shuffle(order)
        voting = asyncio.create_task(vote_persistently(stack, run_id, VOTES))
        for name in order:
            images = await images_so_far(stack, run_id)
            await stack.wait_for_run(run_id, lambda run, past=images: run["images"] > past, seconds=60, what="progress")
            assert await killed(stack, name), name
        run = await stack.wait_for_run(
            run_id, lambda run: run["finals"] >= 8 and run["open_jobs"] == 0, seconds=RUN_SECONDS, what="eight finals"
        )
        votes = await asyncio.wait_for(voting, 60)
        await check_nothing_lost_nothing_doubled(stack, run, votes)
        before = await stack.digest()
        await stack.rebuild()
        after = await stack.digest()
        assert (after["position"], after["digest"]) == (before["position"], before["digest"])


async def killed(stack: Stack, name: str) -> bool:
    for _ in range(100):
        if stack.kill(name):
            return True
        await asyncio.sleep(0.1)
    return False


async def images_so_far(stack: Stack, run_id: str) -> int:
    run = await stack.wait_for_run(run_id, lambda _: True, what="an answer")
    return int(run["images"])


async def vote_persistently(stack: Stack, run_id: str, count: int) -> set[str]:
    """Cast `count` votes, each sent with its key until its effect is known; the ids of those that count."""
    counted: set[str] = set()
    number = 0
    while len(counted) < count:
        number += 1
        answer = await persistently(stack, "GET", f"/api/runs/{run_id}/next-pair", params={"voter": "ada"})
        pair = answer.json().get("pair") if answer.status_code == 200 else None
        if pair is None:
            await asyncio.sleep(0.3)
            continue
        body = {side: pair[side.split("_")[0]]["candidate_id"] for side in ("left_id", "right_id")}
        body |= {"outcome": "left", "voter": "ada"}
        key = {"Idempotency-Key": f"vote-{number}"}
        cast = await persistently(stack, "POST", "/api/votes", json=body, headers=key)
        if cast.status_code in {200, 201}:
            counted.add(cast.json()["id"])
    return counted


async def persistently(stack: Stack, method: str, path: str, **request: object) -> httpx.Response:
    """The answer to a request that is sent again while the API is away or does not know its effect yet; bounded."""
    last: object = None
    for _ in range(200):
        try:
            answer = await stack.http.request(method, path, **request)  # pyright: ignore[reportArgumentType]
            if answer.status_code < 500 and answer.status_code != 202:
                return answer
            last = answer.text
        except httpx.TransportError as error:
            last = error
        await asyncio.sleep(0.1)
    raise AssertionError(f"{method} {path} was never answered: {last}")


async def check_nothing_lost_nothing_doubled(stack: Stack, run: Json, votes: set[str]) -> None:
    run_id = run["run_id"]
    tree, jobs = await stack.tree(run_id), await stack.jobs(run_id)
    candidates = await stack.pages(f"/api/runs/{run_id}/candidates")
    assert not [job for job in jobs if job["state"] in {"pending", "submitted"}]
    assert len({one["job_id"] for one in candidates}) == len(candidates)
    assert {job["number"] for job in jobs} == set(range(1, len(jobs) + 1))
    assert Counter(job["state"] for job in jobs)["completed"] == len(
        [one for one in candidates if one["state"] == "live"]
    )
    children = Counter((node["parent_id"], node["step_order"]) for node in tree if node["parent_id"])
    assert all(count <= (1 if order == 3 else 2) for (_, order), count in children.items())
    for one in candidates:
        assert (stack.images / one["place"]).stat().st_size == one["size_bytes"]
    stored = {str(file.relative_to(stack.images)) for file in stack.images.rglob("*") if file.is_file()}
    # A killed gateway may leave a file it was writing aside, under a hidden name that nobody ever reads.
    originals = {place for place in stored if not place.startswith("thumbnails/") and "/." not in place}
    assert originals == {one["place"] for one in candidates}
    counted = await stack.pages("/api/votes", run_id=run_id, voter="ada")
    assert {vote["vote_id"] for vote in counted} == votes
    assert run["votes"] == len(votes) == VOTES
