"""The fleet page: who is there by pool and gateway, what nobody can do, and drains."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from integration.curation_api.hub import STEPS, TEMPLATE, Hub, problem, step

from carnival.concurrency import end_tasks
from carnival.contracts.capabilities import Capabilities, capabilities_key
from carnival.contracts.drain import DrainRequested, DrainWithdrawn
from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import JobId, Position, RunId
from carnival.contracts.job import FailureClass
from carnival.contracts.notices import (
    Device,
    Idle,
    IdleCause,
    JobAtNode,
    JobPhase,
    NodeError,
    NodePresence,
    NodeState,
)
from carnival.contracts.subjects import CAPABILITIES_BUCKET, FLEET, PRESENCE_BUCKET
from carnival.testing import until

KNOWN = Capabilities(classes={"EmptyImage": {}, "SaveImage": {}})
NOW = datetime.now(UTC)


def node(gateway: str, name: str, **fields: Any) -> NodePresence:
    base: dict[str, Any] = {"gateway": gateway, "node": name, "pool": "default", "slots": 1, "state": NodeState.READY}
    return NodePresence.model_validate(
        {**base, "since": NOW, "capabilities": KNOWN.packed()[0], "expires_at": NOW + timedelta(hours=1), **fields}
    )


BUSY = node(
    "g1",
    "n1",
    state=NodeState.BUSY,
    version="0.10.0",
    gateway_version="0.1.0",
    devices=(Device(name="RTX", type="cuda", memory_total=24, memory_free=10),),
    current_jobs=(
        JobAtNode(job_id=JobId("j1"), run_id=RunId("r1"), step_order=2, attempt=1, phase=JobPhase.POSTED),
        JobAtNode(job_id=JobId("j2"), run_id=RunId("r1"), step_order=1, attempt=1, phase=JobPhase.STAGED),
    ),
    last_errors=(NodeError(time=NOW, failure_class=FailureClass.MEMORY, message="full", job_id=JobId("j0")),),
)
HELD = node(
    "g1",
    "n2",
    slots=0,
    state=NodeState.QUARANTINED,
    reason="It failed 3 times",
    idle=Idle(cause=IdleCause.QUARANTINED, words="next canary at 12:00:00 UTC"),
)


@asynccontextmanager
async def announced(hub: Hub, *nodes: NodePresence) -> AsyncGenerator[None]:
    """They are present while the block runs: entries expire, so they say so again and again."""
    digest, packed = KNOWN.packed()
    jetstream = hub.nats.jetstream()
    bucket = await jetstream.key_value(PRESENCE_BUCKET)
    kinds = await jetstream.key_value(CAPABILITIES_BUCKET)

    async def say_so() -> None:
        while True:
            for present in nodes:
                await kinds.put(capabilities_key(present.pool, digest), packed)
                await bucket.put(present.key, present.model_dump_json().encode())
            await asyncio.sleep(1)

    async def all_are_there() -> bool:
        pools = (await hub.get("/api/fleet"))["pools"]
        return sum(len(found["nodes"]) for pool in pools for found in pool["gateways"]) == len(nodes)

    saying = asyncio.create_task(say_so())
    try:
        await until(all_are_there, 60)
        yield
    finally:
        await end_tasks([saying])


async def test_servers_stand_by_pool_and_gateway_with_all_they_say(hub: Hub) -> None:
    async with announced(hub, node("g2", "n1", pool="big", slots=2), HELD, BUSY):
        shown = await hub.get("/api/fleet")
    big, default = shown["pools"]
    assert (big["pool"], big["slots"], big["busy"], len(big["gateways"])) == ("big", 2, 0, 1)
    assert (default["pool"], default["slots"], default["busy"]) == ("default", 1, 1)
    [gateway] = default["gateways"]
    assert (gateway["gateway"], gateway["version"], gateway["drained"]) == ("g1", "0.1.0", False)
    assert gateway["nodes"] == [json.loads(BUSY.model_dump_json()), json.loads(HELD.model_dump_json())]
    assert (default["blocked"], shown["drains"]) == ([], [])


async def test_what_active_runs_want_and_nobody_can_do_stands_with_its_pool(hub: Hub) -> None:
    loading = {**TEMPLATE, "load": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "a.pt"}}}
    steps = [step(1, "Base"), step(2, "Fix", template=loading), step(3, "Up", pool="big")]
    pipeline_id = await hub.pipeline(steps=steps)
    run_id = await hub.run(pipeline_id)
    done = await hub.run(pipeline_id)
    await hub.http.post(f"/api/runs/{done}/complete")
    async with announced(hub, BUSY):
        big, default = (await hub.get("/api/fleet"))["pools"]
        assert (big["pool"], big["slots"], big["gateways"]) == ("big", 0, [])
        assert [(found["run_id"], found["name"], found["readiness"]) for found in big["blocked"]] == [
            (run_id, "Up", "no_server")
        ]
        [fix] = default["blocked"]
        assert (fix["run_name"], fix["order"], fix["readiness"]) == ("Gym Shoot", 2, "missing")
        assert fix["lacks"] == [
            {"node_id": "load", "class_type": "CheckpointLoaderSimple", "input": None, "file": None}
        ]
        assert fix["warning"].startswith("Step 'Fix': no server of pool 'default' has node class")
        await hub.http.post(f"/api/runs/{run_id}/pause")
        shown = await until(lambda: _single_pool(hub), 30)
        assert shown is not None
        assert shown["blocked"] == []


async def _single_pool(hub: Hub) -> dict[str, Any] | None:
    pools = (await hub.get("/api/fleet"))["pools"]
    return pools[0] if len(pools) == 1 else None


async def test_a_server_is_drained_and_undrained_by_events(hub: Hub) -> None:
    async with announced(hub, BUSY, HELD):
        answer = await hub.http.post("/api/fleet/g1/n1/drain", json={"reason": "a new driver"})
        assert answer.status_code == 200, answer.text
        drain = answer.json()["result"]
        assert (drain["gateway"], drain["node"], drain["reason"]) == ("g1", "n1", "a new driver")
        assert (await hub.get("/api/fleet"))["drains"] == [drain]
        again = (await hub.http.post("/api/fleet/g1/n1/drain")).json()
        assert (again["changed"], again["result"]) == (False, drain)
        answer = await hub.http.post("/api/fleet/g1/n1/undrain")
        assert (answer.json()["changed"], answer.json()["result"]) == (True, None)
        assert (await hub.http.post("/api/fleet/g1/n1/undrain")).json()["changed"] is False
    written: list[object] = []
    async for batch in hub.log.read(Position(0), subjects=(FLEET,)):
        written += [entry.event for entry in batch if isinstance(entry, Recorded)]
    assert written == [
        DrainRequested(gateway="g1", node="n1", reason="a new driver"),
        DrainWithdrawn(gateway="g1", node="n1"),
    ]


async def test_a_gateway_is_drained_as_a_whole_also_while_it_is_away(hub: Hub) -> None:
    async with announced(hub, BUSY, HELD):
        await hub.http.post("/api/fleet/g1/n2/drain")
        answer = await hub.http.post("/api/fleet/g1/drain", headers={"Idempotency-Key": "k1"})
        assert answer.json()["id"] == "g1"
        replayed = await hub.http.post("/api/fleet/g1/drain", headers={"Idempotency-Key": "k1"})
        assert replayed.json()["replayed"] is True
        shown = await hub.get("/api/fleet")
        assert shown["pools"][0]["gateways"][0]["drained"] is True
        assert [drain["node"] for drain in shown["drains"]] == [None, "n2"]
        problem(await hub.http.post("/api/fleet/g1/n1/undrain"), 409, "gateway-drained")
        problem(await hub.http.post("/api/fleet/g3/drain"), 404, "gateway-unknown")
        problem(await hub.http.post("/api/fleet/g1/n3/drain"), 404, "node-unknown")
        problem(await hub.http.post("/api/fleet/g1/n1/drain", json={"reason": "x" * 2000}), 422, "invalid-request")
    await hub.http.post("/api/fleet/g1/undrain")
    assert (await hub.get("/api/fleet"))["drains"] == []


async def test_the_state_of_the_whole_counts_the_same_servers(hub: Hub) -> None:
    pipeline_id = await hub.pipeline(steps=STEPS)
    async with announced(hub, BUSY):
        status = await hub.get("/api/status")
        assert [found["node"] for found in status["nodes"]] == ["n1"]
        readiness = await hub.get(f"/api/pipelines/{pipeline_id}/readiness")
        assert {found["readiness"] for found in readiness} == {"ready"}
