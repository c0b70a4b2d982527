"""Jobs that run out of memory: freed and tried again, then where there is more, then no more (FAIL-6)."""

from __future__ import annotations

from typing import Any

import pytest
from integration.comfy_gateway.rig import MemoryJobs, Rig

from carnival.contracts.job import AttemptFailed, FailureClass, FailureCode, ImageProduced, JobFailed, JobSubmitted
from carnival.testing import until
from comfy_gateway.application.run_gateway import Gateway
from comfy_stub.server import RunningStub

GIB = 1024**3


def has(stub: RunningStub, memory: int, *, needed: int = 0) -> None:
    stub.stub.behaviour.change({"vram_total": memory * GIB, "memory_needed": needed * GIB})


def elsewhere(rig: Rig, *stubs: RunningStub) -> Rig:
    """The surroundings of another gateway of the same pool."""
    other = Rig(rig.root.parent / "elsewhere", stubs)
    other.log, other.jobs, other.board, other.images = rig.log, rig.jobs, rig.board, rig.images
    return other


async def all_known(*gateways: Gateway) -> None:
    nodes = [node for gateway in gateways for node in gateway.nodes]
    await until(lambda: all(node.condition.ready and node.learned for node in nodes), 30)


async def attempts(rig: Rig) -> list[tuple[int, int]]:
    """Number of each failed attempt, and the gibibytes of its server."""
    return [(event.attempt, event.memory_total // GIB) for event in await rig.events(AttemptFailed)]


async def test_a_server_whose_memory_is_full_of_something_else_is_asked_to_free_it(rig: Rig) -> None:
    """The server frees when its worker wakes: the second attempt must not overtake it."""
    rig.stub.stub.behaviour.change({"memory_filled": True, "vram_total": 8 * GIB, "free_takes_seconds": 0.3})
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged()
    [produced] = await rig.events(ImageProduced)
    assert produced.attempt == 2
    assert await attempts(rig) == [(1, 8)]
    assert not rig.stub.stub.behaviour.memory_filled


async def test_a_job_too_large_for_one_node_goes_to_the_one_with_more(rig: Rig, other_stub: RunningStub) -> None:
    rig.stubs.append(other_stub)
    has(rig.stub, 8, needed=16)
    has(other_stub, 24, needed=16)
    await rig.start_run()
    async with rig.gateway() as gateway:
        await all_known(gateway)
        await rig.request()
        await rig.until_acknowledged(seconds=60)
    [produced] = await rig.events(ImageProduced)
    assert (produced.attempt, produced.node) == (3, f"127-0-0-1-{other_stub.port}")
    assert await attempts(rig) == [(1, 8), (2, 8)]
    assert (len(rig.executed()), len(rig.executed(other_stub))) == (2, 1)


async def test_the_server_with_more_may_be_another_gateways(rig: Rig, other_stub: RunningStub) -> None:
    """What was tried stands in the log, so the other gateway goes on counting."""
    has(rig.stub, 8, needed=16)
    has(other_stub, 24, needed=16)
    await rig.start_run()
    beyond = elsewhere(rig, other_stub)
    beyond.jobs = MemoryJobs(rig.log, "of nobody")
    async with rig.gateway() as small, beyond.gateway(gateway_name="g2") as large:
        await all_known(small, large)
        await until(lambda: sum(bool(notice.slots) for notice in rig.board.present.values()) == 2)
        job = await rig.request()
        await rig.until_events(AttemptFailed, 2, seconds=60)
        await until(lambda: rig.jobs.deliveries_of(job.job_id) > 1)
        rig.jobs.deliver_to(beyond.jobs, job.job_id)
        await beyond.until_acknowledged(seconds=60)
    [produced] = await rig.events(ImageProduced)
    assert (produced.attempt, produced.gateway) == (3, "g2")
    assert [(event.attempt, event.gateway) for event in await rig.events(JobSubmitted)] == [
        (1, "g1"),
        (2, "g1"),
        (3, "g2"),
    ]


@pytest.mark.parametrize(
    ("sizes", "failed_at"),
    [((8, 8), [(1, 8)]), ((8, 24), [(1, 8), (2, 8)])],
    ids=["none has more", "nor has the largest"],
)
async def test_what_no_server_can_hold_is_a_memory_failure_that_charges_nobody(
    rig: Rig, other_stub: RunningStub, sizes: tuple[int, int], failed_at: list[Any]
) -> None:
    rig.stubs.append(other_stub)
    has(rig.stub, sizes[0], needed=48)
    has(other_stub, sizes[1], needed=48)
    await rig.start_run()
    async with rig.gateway(slots_per_node=1) as gateway:
        await all_known(gateway)
        await rig.request()
        await rig.until_acknowledged(seconds=60)
    [failed] = await rig.events(JobFailed)
    assert (failed.code, failed.failure_class) == (FailureCode.OUT_OF_MEMORY, FailureClass.MEMORY)
    assert await attempts(rig) == failed_at
    assert failed.attempt == len(failed_at) + 1
    assert f"the largest server had {sizes[1]}.0 GiB" in failed.message


async def test_every_attempt_is_paid_for_once(rig: Rig) -> None:
    rig.stub.stub.behaviour.change({"memory_filled": True, "seconds_per_image": 0.3})
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged(seconds=60)
    [failed], [produced] = await rig.events(AttemptFailed), await rig.events(ImageProduced)
    [first, second] = rig.stub.ledger.lines()
    for event, line in ((failed, first), (produced, second)):
        assert event.gpu_seconds == pytest.approx((line["ended_ms"] - line["started_ms"]) / 1000, abs=0.2)
