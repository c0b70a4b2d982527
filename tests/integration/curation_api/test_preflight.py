"""What the fleet lacks is said when a pipeline is saved and when a run starts, and never stands in the way."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from integration.curation_api.hub import STEPS, TEMPLATE, Hub, problem, step

from carnival.concurrency import end_tasks
from carnival.contracts.capabilities import Capabilities, capabilities_key
from carnival.contracts.notices import NodePresence, NodeState
from carnival.contracts.subjects import CAPABILITIES_BUCKET, PRESENCE_BUCKET
from carnival.testing import until

KNOWN = Capabilities(
    classes={"EmptyImage": {}, "SaveImage": {}, "CheckpointLoaderSimple": {"ckpt_name": 0}}, shelves=(("a.pt",),)
)


@asynccontextmanager
async def announced(hub: Hub) -> AsyncGenerator[None]:
    """A node that is present while the block runs: entries expire, so it says so again and again."""
    digest, packed = KNOWN.packed()
    jetstream = hub.nats.jetstream()
    await (await jetstream.key_value(CAPABILITIES_BUCKET)).put(capabilities_key("default", digest), packed)
    bucket = await jetstream.key_value(PRESENCE_BUCKET)

    async def say_so() -> None:
        while True:
            present = NodePresence(
                gateway="g1",
                node="n1",
                pool="default",
                slots=1,
                state=NodeState.READY,
                capabilities=digest,
                expires_at=datetime.now(UTC) + timedelta(seconds=60),
            )
            await bucket.put(present.key, present.model_dump_json().encode())
            await asyncio.sleep(1)

    async def is_seen() -> bool:
        return bool((await hub.get("/api/status"))["nodes"])

    saying = asyncio.create_task(say_so())
    try:
        await until(is_seen, 30)
        yield
    finally:
        await end_tasks([saying])


def loading(name: str) -> dict[str, Any]:
    template: dict[str, Any] = copy.deepcopy(TEMPLATE)
    template["load"] = {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": name}}
    return template


async def test_a_step_nobody_can_do_is_named_when_the_pipeline_is_saved(hub: Hub) -> None:
    async with announced(hub):
        steps = [step(1, "Base"), step(2, "Face Fix", needs_parent=True, template=loading("gone.pt"))]
        answer = await hub.http.post("/api/pipelines", json={"name": "Portrait", "steps": steps})
        assert answer.status_code == 201
        [warning] = answer.json()["warnings"]
        assert warning == (
            "Step 'Face Fix': no server of pool 'default' has file gone.pt for ckpt_name of CheckpointLoaderSimple"
            " (node load)."
        )
        answer = await hub.http.post(
            f"/api/pipelines/{answer.json()['id']}/versions", json={"name": "P", "steps": STEPS}
        )
        assert answer.json()["warnings"] == []


async def test_no_server_present_is_said_so_and_stops_nobody(hub: Hub) -> None:
    answer = await hub.http.post("/api/pipelines", json={"name": "P", "steps": [step(1, "Base", pool="big")]})
    assert answer.status_code == 201
    assert answer.json()["warnings"] == ["Step 'Base': no server of pool 'big' is present, so it was not checked."]


async def test_the_start_of_a_run_warns_with_the_runs_own_variables(hub: Hub) -> None:
    async with announced(hub):
        pipeline_id = await hub.pipeline(steps=[step(1, "Base", template=loading("{{model}}"))])

        async def started(model: str) -> list[str]:
            body = {"pipeline_id": pipeline_id, "prompt": "a gym", "variables": {"model": model}}
            answer = await hub.http.post("/api/runs", json=body)
            assert answer.status_code == 201, answer.text
            return answer.json()["warnings"]

        assert await started("a.pt") == []
        [warning] = await started("gone.pt")
        assert "file gone.pt for ckpt_name of CheckpointLoaderSimple (node load)" in warning


async def test_readiness_is_shown_step_by_step(hub: Hub) -> None:
    async with announced(hub):
        steps = [step(1, "Base"), step(2, "Fix", template=loading("gone.pt")), step(3, "Up", pool="big")]
        pipeline_id = await hub.pipeline(steps=steps)
        shown = await hub.get(f"/api/pipelines/{pipeline_id}/readiness", version=1)
        assert [(found["name"], found["readiness"], found["servers"]) for found in shown] == [
            ("Base", "ready", 1),
            ("Fix", "missing", 1),
            ("Up", "no_server", 0),
        ]
        assert shown[1]["lacks"] == [
            {"node_id": "load", "class_type": "CheckpointLoaderSimple", "input": "ckpt_name", "file": "gone.pt"}
        ]
        problem(await hub.http.get("/api/pipelines/none/readiness"), 404, "pipeline-unknown")
        problem(await hub.http.get(f"/api/pipelines/{pipeline_id}/readiness?version=9"), 404, "pipeline-unknown")


async def test_what_servers_have_for_a_node_class_is_listed(hub: Hub) -> None:
    async with announced(hub):
        found = await hub.get("/api/fleet/choices", class_type="CheckpointLoaderSimple")
        nobody = await hub.get("/api/fleet/choices", class_type="UpscaleModelLoader")
        elsewhere = await hub.get("/api/fleet/choices", class_type="CheckpointLoaderSimple", pool="big")
    inputs = [{"input": "ckpt_name", "choices": [{"value": "a.pt", "servers": 1}]}]
    assert (found["servers"], found["knowing"], found["inputs"]) == (1, 1, inputs)
    assert (nobody["servers"], nobody["knowing"], nobody["inputs"]) == (1, 0, [])
    assert (elsewhere["servers"], elsewhere["knowing"]) == (0, 0)
