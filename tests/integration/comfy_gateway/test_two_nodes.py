"""One process with two servers: both work, and one that is gone takes nothing down with it (WRK-2)."""

from __future__ import annotations

from integration.comfy_gateway.rig import Rig

from carnival.contracts.job import ImageProduced, JobFailed
from carnival.contracts.notices import NodeState
from carnival.testing import until
from comfy_stub.server import RunningStub


async def test_both_nodes_get_jobs(rig: Rig, other_stub: RunningStub) -> None:
    rig.stubs.append(other_stub)
    rig.stub.stub.behaviour.seconds_per_image = other_stub.stub.behaviour.seconds_per_image = 0.2
    await rig.start_run()
    async with rig.gateway() as gateway:
        await until(lambda: all(node.condition.ready for node in gateway.nodes))
        for _ in range(2):
            await rig.request()
        await rig.until_acknowledged(2)
    assert (len(rig.executed()), len(rig.executed(other_stub))) == (1, 1)


async def test_a_node_that_is_gone_takes_no_jobs_and_the_other_goes_on(rig: Rig, other_stub: RunningStub) -> None:
    rig.stubs.append(other_stub)
    await rig.start_run()
    await other_stub.crash()
    async with rig.gateway():
        for _ in range(4):
            await rig.request()
        await rig.until_acknowledged(4)
        states = {notice.state for notice in rig.board.present.values()}
    assert NodeState.UNREACHABLE in states
    assert len(rig.executed()) == 4
    assert not await rig.events(JobFailed)


async def test_jobs_staged_for_a_node_that_goes_are_taken_by_the_other(rig: Rig, other_stub: RunningStub) -> None:
    rig.stubs.append(other_stub)
    rig.stub.stub.behaviour.seconds_per_image = other_stub.stub.behaviour.seconds_per_image = 0.5
    await rig.start_run()
    for _ in range(4):
        await rig.request()
    async with rig.gateway(unreachable_grace=0.5, stop_grace=0) as gateway:
        await until(lambda: all(len(node.jobs) == 2 for node in gateway.nodes))
        await until(lambda: rig.executed() and rig.executed(other_stub))
        await other_stub.crash()
        await rig.until_acknowledged(4, seconds=15)
    assert len(await rig.events(ImageProduced)) == 3
    assert len(await rig.events(JobFailed)) == 1


async def test_a_job_delivered_again_is_found_at_the_other_node(rig: Rig, other_stub: RunningStub) -> None:
    await rig.start_run()
    job = await rig.request()
    await rig.post_behind_the_back(job)
    rig.stubs.insert(0, other_stub)
    async with rig.gateway():
        await rig.until_acknowledged()
    assert len(rig.executed(rig.stubs[1])) == 1
    assert not rig.executed(other_stub)
