"""A server that keeps failing for its own reasons gets no jobs until a canary comes back well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from integration.comfy_gateway.rig import Rig

from carnival.contracts.job import FailureClass, ImageProduced, JobFailed
from carnival.contracts.notices import IdleCause, NodePresence, NodeState
from carnival.testing import until
from comfy_gateway.application.run_gateway import Gateway
from comfy_gateway.domain.health import Health, Quarantine
from comfy_stub.server import RunningStub

QUICK = {"quarantine_strikes": 2, "quarantine_pause": 0.5, "comfyui_max_retries": 0}
PATIENT = QUICK | {"quarantine_pause": 600}


def shown(rig: Rig, stub: RunningStub | None = None) -> NodePresence | None:
    port = (stub or rig.stub).url.rpartition(":")[2]
    return next((node for node in rig.board.present.values() if node.node.endswith(port)), None)


async def until_state(rig: Rig, state: NodeState, stub: RunningStub | None = None) -> NodePresence:
    def there() -> NodePresence | None:
        node = shown(rig, stub)
        return node if node and node.state is state else None

    await until(there, 30, state)
    node = there()
    assert node is not None
    return node


async def strike_out(rig: Rig, gateway: Gateway) -> None:
    """The only server falls silent twice."""
    for _ in range(2):
        await until(lambda: gateway.nodes[0].condition.ready, 20)
        await rig.stub.crash()
        await until(lambda: not gateway.nodes[0].condition.ready, 20)
        await rig.stub.revive()


async def test_repeated_failures_of_its_own_bar_a_server_and_a_canary_takes_it_back(rig: Rig) -> None:
    await rig.start_run()
    async with rig.gateway(**QUICK):
        rig.stub.stub.behaviour.refuse_answers = 3
        await rig.request()
        await rig.request()
        node = await until_state(rig, NodeState.QUARANTINED)
        assert node.slots == 0
        assert node.reason.startswith("It failed 2 times within 600 s for reasons of its own, the last: The workflow")
        assert node.idle is not None
        assert node.idle.cause is IdleCause.QUARANTINED
        assert [error.failure_class for error in node.last_errors][-2:] == [FailureClass.INFRASTRUCTURE] * 2
        job = await rig.request()
        await rig.until_acknowledged(3, seconds=30)
        back = await until_state(rig, NodeState.READY)
        assert back.since is not None
        assert node.since is not None
        assert back.since > node.since
        assert any("A canary failed" in error.message for error in back.last_errors)
    [produced] = await rig.events(ImageProduced)
    assert produced.job_id == job.job_id
    assert len(await rig.events(JobFailed)) == 2
    assert len(rig.executed()) == 2, "a canary and the job"


async def test_a_quarantined_server_takes_no_job_while_another_one_does(rig: Rig, other_stub: RunningStub) -> None:
    await rig.start_run()
    async with rig.gateway(**PATIENT) as gateway:
        await strike_out(rig, gateway)
        await until_state(rig, NodeState.QUARANTINED)
    rig.stubs.append(other_stub)
    async with rig.gateway(**PATIENT):
        for _ in range(5):
            await rig.request()
        await rig.until_acknowledged(5, seconds=30)
        await until_state(rig, NodeState.QUARANTINED)
    assert not rig.executed()
    assert len(rig.executed(other_stub)) == 5
    assert not await rig.events(JobFailed)


async def test_a_job_of_a_server_that_was_barred_meanwhile_goes_to_another_one(
    rig: Rig, other_stub: RunningStub
) -> None:
    """It crashed again and again with the same job: it is not asked a third time."""
    rig.stub.stub.behaviour.seconds_per_image = 60
    await rig.start_run()
    await rig.request()
    async with rig.gateway(**(PATIENT | {"comfyui_max_retries": 3, "stop_grace": 0})) as gateway:
        for times in (1, 2):
            await until(lambda times=times: len(rig.executed()) == times and gateway.nodes[0].condition.ready, 30)
            await rig.stub.crash()
            await until(lambda: not gateway.nodes[0].condition.ready, 20)
            await rig.stub.revive()
            rig.stub.stub.behaviour.seconds_per_image = 60
        await until_state(rig, NodeState.QUARANTINED)
    rig.stubs.append(other_stub)
    rig.jobs.deliver_unacknowledged()
    async with rig.gateway(**(PATIENT | {"comfyui_max_retries": 3})):
        await rig.until_acknowledged(1, seconds=30)
    assert len(rig.executed()) == 2
    assert len(rig.executed(other_stub)) == 1
    assert len(await rig.events(ImageProduced)) == 1


async def test_a_quarantine_goes_on_after_a_restart_and_ends_with_a_canary(rig: Rig) -> None:
    name = f"127-0-0-1-{rig.stub.url.rpartition(':')[2]}"
    now = datetime.now(UTC)
    held = Quarantine(since=now - timedelta(minutes=1), until=now + timedelta(hours=1), reason="it failed", canaries=3)
    rig.health.kept[name] = Health(relapses=1, quarantine=held)
    await rig.start_run()
    await rig.request()
    async with rig.gateway(**QUICK):
        node = await until_state(rig, NodeState.QUARANTINED)
        assert node.reason == "it failed"
    assert not rig.executed()
    rig.health.kept[name] = Health(relapses=1, quarantine=Quarantine(since=now, until=now, reason="it failed"))
    async with rig.gateway(**QUICK):
        await rig.until_acknowledged(1, seconds=30)
    assert len(await rig.events(ImageProduced)) == 1
    assert rig.health.kept[name].quarantine is None


async def test_a_server_without_the_nodes_for_a_picture_is_looked_at_only(rig: Rig) -> None:
    rig.stub.stub.behaviour.missing_classes = ["EmptyImage"]
    await rig.start_run()
    async with rig.gateway(**QUICK) as gateway:
        await until(lambda: gateway.nodes[0].learned, 20)
        rig.stub.stub.behaviour.refuse_answers = 2
        await rig.request()
        await rig.request()
        await until_state(rig, NodeState.QUARANTINED)
        await until_state(rig, NodeState.READY)
    assert not rig.executed()


async def test_a_dead_worker_is_shown_within_seconds_and_is_proved_with_a_canary_after_its_restart(rig: Rig) -> None:
    """PROTOCOL rule 3: it takes jobs for ever and executes none."""
    await rig.start_run()
    async with rig.gateway(**(QUICK | {"quarantine_strikes": 1, "comfyui_max_retries": 3})) as gateway:
        await until(lambda: gateway.nodes[0].learned, 20)
        await until_state(rig, NodeState.READY)
        rig.stub.stub.engine.worker.die()
        await rig.request()
        dead = await until_state(rig, NodeState.UNREACHABLE)
        assert "none is executed" in dead.reason
        assert "none is executed" in dead.last_errors[0].message
        await rig.stub.crash()
        await rig.stub.revive()
        await rig.until_acknowledged(1, seconds=30)
    assert len(rig.executed()) == 2, "a canary and the job"


async def test_a_deaf_socket_is_noticed_and_shown(rig: Rig) -> None:
    await rig.start_run()
    async with rig.gateway():
        rig.stub.stub.behaviour.seconds_per_image = 8
        await until_state(rig, NodeState.READY)
        rig.stub.stub.sockets.forget_all()
        await rig.request()
        await until(lambda: (node := shown(rig)) and any("deaf" in error.message for error in node.last_errors), 30)
        await rig.until_acknowledged(1, seconds=30)
