"""The main job through the whole stack: a pipeline, a run, images, votes, kills, gates, bad input."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from fixtures.pipelines import VARIABLES, portrait, step
from fixtures.stack import Json, Stack, running_stack

from carnival.testing import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stack]:
    """Its images lie where somebody wants them, beside its other data."""
    settings = {"IMAGE_ROOT": str(tmp_path_factory.mktemp("elsewhere")), "MAX_PARENT_FAILURES": "2"}
    async with running_stack(COMFY_STUB_SECONDS_PER_IMAGE="0.1", **settings) as stack:
        yield stack


async def started(stack: Stack, n: int, t: int, **fields: Any) -> str:
    pipeline_id = await stack.define_pipeline(*portrait())
    return await stack.start_run(pipeline_id, n=n, t=t, variables=VARIABLES, **fields)


def by_id(tree: list[Json]) -> dict[str, Json]:
    return {node["candidate_id"]: node for node in tree}


async def test_a_run_grows_to_its_target_and_every_final_has_its_files_and_ancestors(stack: Stack) -> None:
    run_id = await started(stack, n=2, t=3)
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= 3 and run["open_jobs"] == 0, what="three finals")
    nodes = by_id(await stack.tree(run_id))
    candidates = await stack.pages(f"/api/runs/{run_id}/candidates")
    assert set(nodes) == {one["candidate_id"] for one in candidates}
    finals = [one for one in candidates if one["is_final"] and one["state"] == "live"]
    assert len(finals) >= 3
    for final in finals:
        chain = [final["candidate_id"]]
        while (parent := nodes[chain[-1]]["parent_id"]) is not None:
            chain.append(parent)
        assert [nodes[one]["step_order"] for one in chain] == [3, 2, 1]
    children = Counter((one["parent_id"], one["step_order"]) for one in candidates if one["parent_id"])
    assert all(count <= (1 if order == 3 else 2) for (_, order), count in children.items())
    for one in candidates:
        assert hashlib.sha256((stack.images / one["place"]).read_bytes()).hexdigest() == one["sha256"]
        served = await stack.http.get(one["image"])
        assert (served.status_code, served.headers["content-type"]) == (200, "image/png")
        assert hashlib.sha256(served.content).hexdigest() == one["sha256"]
    states = Counter(job["state"] for job in await stack.jobs(run_id))
    assert states == {"completed": len(candidates)}


async def test_a_backup_of_a_running_hub_takes_its_images_from_where_they_lie(stack: Stack, tmp_path: Path) -> None:
    run_id = await started(stack, n=1, t=1)
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= 1 and run["open_jobs"] == 0, what="a final")
    saved = json.loads(await stack.carnival("backup", str(tmp_path / "backup"), "--json"))
    assert saved["images"] == sum(1 for _ in stack.images.rglob("*.png"))
    assert saved["images"] >= len(await stack.pages(f"/api/runs/{run_id}/candidates")) >= 3


async def test_a_hub_that_was_put_back_on_another_machine_knows_and_shows_all_there_was(
    stack: Stack, tmp_path: Path
) -> None:
    """It has written an event of its own by then: its operator's token is another one."""
    run_id = await started(stack, n=2, t=2)
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= 2 and run["open_jobs"] == 0, what="two finals")
    saved = json.loads(await stack.carnival("backup", str(tmp_path / "backup"), "--json"))
    at = str(saved["position"])
    tree, then = await stack.tree(run_id), json.loads(await stack.carnival("digest", "--at", at, "--json"))
    assert (then["position"], then["tables"]["runs"]["rows"]) == (
        saved["position"],
        len(await stack.pages("/api/runs")),
    )
    async with running_stack(None, tmp_path / "backup") as other:
        assert json.loads(await other.carnival("digest", "--at", at, "--json")) == then
        await other.rebuild()
        assert json.loads(await other.carnival("digest", "--json"))["position"] > saved["position"]
        assert await other.tree(run_id) == tree
        for candidate in await other.pages(f"/api/runs/{run_id}/candidates"):
            picture = await other.http.get(candidate["image"])
            assert hashlib.sha256(picture.content).hexdigest() == candidate["sha256"]


async def test_a_rebuild_gives_the_same_rows(stack: Stack) -> None:
    run_id = await started(stack, n=1, t=1)
    await stack.wait_for_run(run_id, lambda run: run["finals"] == 1 and run["open_jobs"] == 0)
    before = await stack.digest()
    await stack.rebuild()
    after = await stack.digest()
    assert (after["position"], after["digest"]) == (before["position"], before["digest"])


async def test_a_vote_moves_both_ratings_once_and_can_be_taken_back(stack: Stack) -> None:
    run_id = await started(stack, n=3, t=3)
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= 2)
    pair = (await stack.get(f"/api/runs/{run_id}/next-pair", voter="ada"))["pair"]
    left, right = pair["left"]["candidate_id"], pair["right"]["candidate_id"]
    vote = {"left_id": left, "right_id": right, "outcome": "left", "voter": "ada"}
    cast = await stack.post("/api/votes", vote)
    winner = await stack.get(f"/api/candidates/{left}", **{"at-least": cast["position"]})
    loser = await stack.get(f"/api/candidates/{right}")
    assert (winner["rating"], loser["rating"]) == (1016, 984)
    again = await stack.http.post("/api/votes", json=vote)
    reverse = await stack.http.post("/api/votes", json=vote | {"left_id": right, "right_id": left})
    assert (again.status_code, reverse.status_code) == (409, 409)
    taken = await stack.http.request("DELETE", f"/api/votes/{cast['id']}", params={"voter": "ada"})
    assert taken.status_code == 200
    assert (await stack.get(f"/api/candidates/{left}"))["rating"] == 1000
    await stack.post(f"/api/runs/{run_id}/complete")


async def test_a_vote_sent_again_with_its_key_is_answered_as_the_first(stack: Stack) -> None:
    run_id = await started(stack, n=2, t=2)
    await stack.wait_for_run(run_id, lambda run: run["finals"] >= 2)
    pair = (await stack.get(f"/api/runs/{run_id}/next-pair", voter="bob"))["pair"]
    vote = {"left_id": pair["left"]["candidate_id"], "right_id": pair["right"]["candidate_id"]}
    body = vote | {"outcome": "right", "voter": "bob"}
    answers = [await stack.post("/api/votes", body, **{"Idempotency-Key": "once"}) for _ in range(3)]
    assert len({answer["position"] for answer in answers}) == 1
    assert (await stack.run(run_id))["votes"] == 1
    await stack.post(f"/api/runs/{run_id}/complete")


async def test_a_kill_stops_its_branch(stack: Stack) -> None:
    run_id = await started(stack, n=3, t=4)
    await stack.wait_for_run(run_id, lambda run: run["steps"][1]["live"] >= 1)
    base = next(node for node in await stack.tree(run_id) if node["step_order"] == 1)
    killed = await stack.post(f"/api/candidates/{base['candidate_id']}/reject")
    again = await stack.post(f"/api/candidates/{base['candidate_id']}/reject")
    assert (killed["changed"], again["changed"]) == (True, False)
    below = {base["candidate_id"]}
    for node in sorted(await stack.tree(run_id), key=lambda node: node["step_order"]):
        if node["parent_id"] in below:
            below.add(node["candidate_id"])
            assert node["state"] == "dead"

    async def nothing_open_below() -> bool:
        jobs = await stack.jobs(run_id)
        return not [job for job in jobs if job["parent_id"] in below and job["state"] in {"pending", "submitted"}]

    await until(nothing_open_below, seconds=15)
    later = [
        job for job in await stack.jobs(run_id) if job["parent_id"] in below and job["position"] > killed["position"]
    ]
    assert later == []
    restored = await stack.post(f"/api/candidates/{base['candidate_id']}/restore")
    assert restored["changed"]
    nodes = await stack.tree(run_id)
    assert next(node for node in nodes if node["candidate_id"] == base["candidate_id"])["state"] == "live"
    await stack.post(f"/api/runs/{run_id}/complete")


async def test_pausing_stops_new_jobs_and_resuming_goes_on(stack: Stack) -> None:
    run_id = await started(stack, n=5, t=50)
    await stack.wait_for_run(run_id, lambda run: run["images"] >= 2)
    await stack.post(f"/api/runs/{run_id}/pause")
    paused = await stack.wait_for_run(run_id, lambda run: run["open_jobs"] == 0, what="no open job")
    assert paused["paused"]
    await stack.post(f"/api/runs/{run_id}/resume")
    await stack.wait_for_run(run_id, lambda run: run["images"] > paused["images"] + 1)
    await stack.post(f"/api/runs/{run_id}/complete")
    done = await stack.wait_for_run(run_id, lambda run: run["open_jobs"] == 0)
    assert done["status"] == "completed"


async def test_a_gated_run_waits_for_approval_at_each_step(stack: Stack) -> None:
    run_id = await started(stack, n=2, t=9, profile="gated")
    await stack.wait_for_run(run_id, lambda run: run["steps"][0]["live"] == 2 and run["open_jobs"] == 0)
    waiting = await stack.get("/api/next", run_id=run_id)
    assert waiting["mode"] == "waiting_for_approval"
    await stack.post(f"/api/runs/{run_id}/steps/1/approve", {"k": 1})
    again = await stack.http.post(f"/api/runs/{run_id}/steps/1/approve", json={"k": 2})
    assert again.status_code == 409
    await stack.wait_for_run(run_id, lambda run: run["steps"][1]["live"] == 2 and run["open_jobs"] == 0)
    await stack.post(f"/api/runs/{run_id}/steps/2/approve", {"k": 2})
    await stack.wait_for_run(run_id, lambda run: run["finals"] == 2 and run["open_jobs"] == 0)
    await stack.post(f"/api/runs/{run_id}/complete")


async def test_a_parent_that_fails_too_often_is_rejected_and_a_failing_base_step_is_paused(stack: Stack) -> None:
    steps = [step(1, "Base", "base"), step(2, "Broken", "fails", needs_parent=True)]
    pipeline_id = await stack.define_pipeline(*steps)
    run_id = await stack.start_run(pipeline_id, n=3, t=2, variables=VARIABLES)

    def shown(run: Json) -> bool:
        return run["rejected"] >= 1 and run["steps"][1]["paused"]

    run = await stack.wait_for_run(run_id, shown, what="a rejected parent and a paused step")
    assert run["steps"][1]["last_failure"]["failure_class"] == "content"
    rejected = await stack.pages(f"/api/runs/{run_id}/candidates", status="rejected")
    assert {one["reject_reason"] for one in rejected} == {"failures"}
    await stack.post(f"/api/runs/{run_id}/complete")


NODE = {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 1}}
SAVE = {"class_type": "SaveImage", "inputs": {"images": ["a", 0], "filename_prefix": "x"}}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"name": "P", "steps": [{"order": 1, "name": "A", "template": "{not json"}]}, "A"),
        ({"name": "P", "steps": [{"order": 1, "name": "A", "template": {"nodes": [], "links": []}}]}, "API"),
        ({"name": "P", "steps": [{"order": 0, "name": "A", "template": {"a": NODE, "s": SAVE}}]}, "order"),
        ({"name": " ", "steps": []}, "name"),
        (
            {
                "name": "P",
                "steps": [
                    {"order": 1, "name": "A", "template": {"a": NODE, "s": SAVE}},
                    {"order": 1, "name": "B", "template": {"a": NODE, "s": SAVE}},
                ],
            },
            "order",
        ),
    ],
)
async def test_a_bad_pipeline_is_refused_with_what_and_where(stack: Stack, body: Json, named: str) -> None:
    before = await stack.pages("/api/pipelines")
    answer = await stack.http.post("/api/pipelines", json=body)
    assert answer.status_code in {409, 422}
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert named in answer.text
    assert await stack.pages("/api/pipelines") == before


async def test_bad_runs_and_votes_are_refused_and_leave_nothing(stack: Stack) -> None:
    pipeline_id = await stack.define_pipeline(*portrait())
    run = {"pipeline_id": pipeline_id, "variables": VARIABLES}
    before = (await stack.get("/api/status"))["log_position"]
    refused = [
        await stack.http.post("/api/runs", json=run | {"n": 0}),
        await stack.http.post("/api/runs", json=run | {"t": -1}),
        await stack.http.post("/api/runs", json=run | {"folder": "../outside"}),
        await stack.http.post("/api/runs", json=run | {"folder": "/etc"}),
        await stack.http.post("/api/runs", json=run | {"variables": {"color": 1}}),
        await stack.http.post("/api/runs", json=run | {"pipeline_id": "nobody"}),
        await stack.http.post("/api/votes", json={"left_id": "a", "right_id": "b", "outcome": "left", "voter": "x"}),
        await stack.http.post("/api/candidates/nobody/reject"),
        await stack.http.get("/api/runs/nobody"),
        await stack.http.get("/api/nowhere"),
        await stack.http.delete("/api/pipelines"),
        await stack.http.post("/api/runs", content=b"{", headers={"content-type": "application/json"}),
    ]
    for answer in refused:
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["title"]
    assert (await stack.get("/api/status"))["log_position"] == before


async def test_a_body_of_fifty_megabytes_is_refused_and_the_system_goes_on(stack: Stack) -> None:
    answer = await stack.http.post("/api/pipelines", content=b" " * 50_000_000)
    assert answer.status_code == 413
    assert (await stack.http.get("/health/ready")).status_code == 200


async def test_an_unknown_node_class_pauses_the_step_and_says_so(stack: Stack) -> None:
    unknown = {"a": NODE | {"class_type": "NoSuchNode"}, "s": SAVE}
    pipeline_id = await stack.define_pipeline({"order": 1, "name": "Odd", "template": unknown})
    run_id = await stack.start_run(pipeline_id, n=1, t=1)
    run = await stack.wait_for_run(run_id, lambda run: run["steps"][0]["paused"], what="the paused step")
    assert "NoSuchNode" in run["steps"][0]["last_failure"]["message"]


async def test_any_prompt_reaches_the_picture_unchanged(stack: Stack) -> None:
    prompt = 'a "quoted" {{brace}} \\ back\nnew line \t tab 🎪 \u2028 {"json": [1]}'
    template = {
        "m": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "carnival-v1.safetensors"}},
        "a": NODE,
        "s": SAVE | {"_meta": {"title": "{{prompt}}"}},
    }
    del template["m"]
    pipeline_id = await stack.define_pipeline({"order": 1, "name": "Odd", "template": template, "needs_prompt": True})
    run_id = await stack.start_run(pipeline_id, n=1, t=1, prompt=prompt)
    await stack.wait_for_run(run_id, lambda run: run["finals"] == 1)
    assert (await stack.run(run_id))["prompt"] == prompt
    [one] = await stack.pages(f"/api/runs/{run_id}/candidates")
    assert prompt in titles_of(stack.images / one["place"])


def titles_of(picture: Path) -> list[str]:
    import json

    from PIL import Image

    with Image.open(picture) as image:
        workflow = json.loads(image.info["prompt"])
    return [node.get("_meta", {}).get("title", "") for node in workflow.values()]


async def test_the_command_line_does_the_main_job(stack: Stack) -> None:
    assert "Gym Shoot" in await stack.carnival("pipeline", "setup-example")
    assert "Gym Shoot" in await stack.carnival("run", "list")
    assert await stack.carnival("status")
    assert await stack.carnival("next", "--json")
    assert await stack.carnival("pipeline", "list", "--json")
    assert "ImageProduced" in await stack.carnival("events", "tail")
    await stack.carnival("run", "show", "nobody", expected=1)
