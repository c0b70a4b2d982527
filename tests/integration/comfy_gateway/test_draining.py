"""An operator's drain: what renders is finished, nothing else begins, over any restart, until it is withdrawn."""

from __future__ import annotations

from integration.comfy_gateway.rig import Rig

from carnival.contracts.drain import DrainRequested, DrainWithdrawn
from carnival.contracts.job import ImageProduced, JobFailed
from carnival.contracts.notices import IdleCause, NodePresence, NodeState
from carnival.testing import examples, until
from comfy_stub.server import RunningStub


def name_of(stub: RunningStub) -> str:
    return f"127-0-0-1-{stub.url.rpartition(':')[2]}"


async def drain(rig: Rig, stub: RunningStub | None = None) -> None:
    node = name_of(stub) if stub else None
    await rig.log.append(DrainRequested(gateway="g1", node=node, reason="a new driver"), examples.meta())


async def undrain(rig: Rig) -> None:
    await rig.log.append(DrainWithdrawn(gateway="g1"), examples.meta())


async def until_state(rig: Rig, state: NodeState) -> NodePresence:
    def there() -> NodePresence | None:
        return next((node for node in rig.board.present.values() if node.state is state), None)

    await until(there, 30, state)
    found = there()
    assert found is not None
    return found


async def test_the_job_at_the_server_is_finished_and_the_staged_one_given_back(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 1
    await rig.start_run()
    for _ in range(3):
        await rig.request()
    async with rig.gateway() as gateway:
        await until(lambda: rig.executed() and len(gateway.nodes[0].jobs) == 2, 20)
        await drain(rig, rig.stub)
        shown = await until_state(rig, NodeState.DRAINING)
        assert (shown.drained, shown.slots, shown.idle) == (True, 0, None)
        await rig.until_acknowledged(1, seconds=20)
        await until(lambda: not gateway.nodes[0].jobs, 20)
        shown = await until_state(rig, NodeState.DRAINING)
        assert shown.reason.endswith("drains the server: a new driver")
        idle = await until(lambda: next(iter(rig.board.present.values())).idle, 20)
        assert idle is not None
        assert idle.cause is IdleCause.DRAINING
    assert len(rig.executed()) == 1
    async with rig.gateway():
        await until_state(rig, NodeState.DRAINING)
        await undrain(rig)
        await rig.until_acknowledged(3, seconds=20)
    assert len(await rig.events(ImageProduced)) == 3
    assert not await rig.events(JobFailed)
    assert len(rig.executed()) == 3


async def test_a_drained_gateway_that_was_killed_finishes_what_its_server_still_renders(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 2
    await rig.start_run()
    first = await rig.request()
    async with rig.doomed_gateway():
        await until(lambda: rig.executed(), 20)
        await drain(rig)
        await until_state(rig, NodeState.DRAINING)
    second = await rig.request()
    rig.jobs.deliver_unacknowledged()
    async with rig.gateway():
        await rig.until_acknowledged(1, seconds=30)
        await until(lambda: rig.jobs.deliveries_of(second.job_id) >= 2, 20)
        assert rig.jobs.acknowledged == [first.job_id]
    assert len(rig.executed()) == 1
    assert [event.job_id for event in await rig.events(ImageProduced)] == [first.job_id]


async def test_another_server_of_the_gateway_takes_the_jobs(rig: Rig, other_stub: RunningStub) -> None:
    rig.stubs.append(other_stub)
    await rig.start_run()
    await drain(rig, rig.stub)
    async with rig.gateway():
        for _ in range(4):
            await rig.request()
        await rig.until_acknowledged(4, seconds=30)
    assert (len(rig.executed()), len(rig.executed(other_stub))) == (0, 4)


async def test_drains_of_other_gateways_are_theirs(rig: Rig) -> None:
    await rig.start_run()
    await rig.log.append(DrainRequested(gateway="g2"), examples.meta())
    async with rig.gateway():
        await rig.request()
        await rig.until_acknowledged(1, seconds=20)
