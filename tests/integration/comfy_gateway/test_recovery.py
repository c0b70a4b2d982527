"""Crashes of the gateway and of the server: every job ends once, never twice, never stuck (JOB-9, CMF-3, CMF-5)."""

from __future__ import annotations

from integration.comfy_gateway.rig import Rig

from carnival.contracts.job import FailureClass, FailureCode, ImageProduced, JobFailed, JobSubmitted
from carnival.contracts.notices import NodeState
from carnival.testing import until
from comfy_stub.downfall import Downfall, Moment


async def test_a_restarted_gateway_finds_its_job_and_renders_it_once(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 0.6
    await rig.start_run()
    await rig.request()
    async with rig.doomed_gateway():
        await until(lambda: rig.executed())
    assert not rig.jobs.acknowledged
    rig.jobs.deliver_unacknowledged()
    async with rig.gateway():
        await rig.until_acknowledged()
    assert len(rig.executed()) == 1
    [produced] = await rig.events(ImageProduced)
    assert produced.gpu_seconds > 0.5
    assert len(await rig.events(JobSubmitted)) == 1


async def test_a_job_posted_but_not_recorded_is_found_too(rig: Rig) -> None:
    await rig.start_run()
    job = await rig.request()
    await rig.post_behind_the_back(job)
    async with rig.gateway():
        await rig.until_acknowledged()
    assert len(rig.executed()) == 1
    assert len(await rig.events(JobSubmitted)) == len(await rig.events(ImageProduced)) == 1


async def test_a_delivery_after_the_end_is_only_acknowledged(rig: Rig) -> None:
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged()
    rig.jobs.acknowledged.clear()
    rig.jobs.deliver_unacknowledged()
    async with rig.gateway():
        await rig.until_acknowledged()
    assert len(rig.executed()) == 1
    assert len(await rig.events(ImageProduced)) == 1


async def test_a_server_that_forgot_the_job_gets_it_again_under_the_same_id(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 0.5
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        await until(lambda: rig.executed())
        rig.stub.stub.behaviour.seconds_per_image = 0.05
        rig.stub.stub.forget()
        await rig.until_acknowledged()
    first, again = rig.executed()
    assert first == again
    assert len(await rig.events(ImageProduced)) == 1


async def test_a_picture_that_outlived_its_history_costs_what_was_heard_of_it(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 0.5
    rig.stub.stub.behaviour.down_at = Downfall(Moment.RECORDED, restart=True)
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged(seconds=30)
    [produced] = await rig.events(ImageProduced)
    assert len(rig.executed()) == 1
    assert produced.gpu_seconds > 0.3


async def test_a_rendering_that_its_server_lost_is_paid_for_too(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 5
    await rig.start_run()
    job = await rig.request()
    async with rig.gateway() as gateway:
        [node] = gateway.nodes
        await until(lambda: job.job_id in node.jobs and node.jobs[job.job_id].seconds_heard > 0.2, 30)
        rig.stub.stub.behaviour.seconds_per_image = 0
        rig.stub.stub.forget()
        await rig.until_acknowledged(seconds=30)
    [produced] = await rig.events(ImageProduced)
    assert produced.gpu_seconds > 0.2


async def test_a_job_lost_too_often_fails(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 5
    await rig.start_run()
    await rig.request()
    async with rig.gateway(comfyui_max_retries=1):
        for times in (1, 2):
            await until(lambda times=times: len(rig.executed()) == times)
            rig.stub.stub.forget()
        await rig.until_acknowledged()
    [failed] = await rig.events(JobFailed)
    assert (failed.code, failed.failure_class) == (FailureCode.LOST, FailureClass.INFRASTRUCTURE)


async def test_a_crashed_and_revived_server_finishes_the_job(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 0.5
    await rig.start_run()
    await rig.request()
    async with rig.gateway() as gateway:
        await until(lambda: rig.executed())
        await rig.stub.crash()
        await until(lambda: not gateway.nodes[0].condition.ready)
        await until(lambda: any(notice.state is NodeState.UNREACHABLE for notice in rig.board.present.values()))
        assert [notice.slots for notice in rig.board.present.values()] == [0]
        await rig.stub.revive()
        await rig.until_acknowledged(seconds=20)
    assert len(await rig.events(ImageProduced)) == 1


async def test_a_lost_answer_to_a_submission_is_looked_for_not_repeated(rig: Rig) -> None:
    await rig.start_run()
    async with rig.gateway():
        rig.stub.stub.behaviour.lose_answers = 1
        await rig.request()
        await rig.until_acknowledged()
    assert len(rig.executed()) == 1
    assert len(await rig.events(ImageProduced)) == 1


async def test_a_busy_server_is_asked_again(rig: Rig) -> None:
    await rig.start_run()
    async with rig.gateway():
        rig.stub.stub.behaviour.refuse_answers = 1
        await rig.request()
        await rig.until_acknowledged()
    assert len(rig.executed()) == 1


async def test_a_stopped_gateway_gives_staged_jobs_back_and_finishes_the_rendering_one(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 0.3
    await rig.start_run()
    first, second = await rig.request(), await rig.request()
    async with rig.gateway() as gateway:
        await until(lambda: rig.executed())
        await until(lambda: len(gateway.nodes[0].jobs) == 2)
    assert rig.jobs.acknowledged == [first.job_id]
    assert len(rig.executed()) == 1
    async with rig.gateway():
        await rig.until_acknowledged(2)
    assert [event.job_id for event in await rig.events(ImageProduced)] == [first.job_id, second.job_id]


async def test_a_dead_worker_is_announced_and_gets_no_jobs(rig: Rig) -> None:
    await rig.start_run()
    async with rig.gateway(stop_grace=0) as gateway:
        rig.stub.stub.engine.worker.die()
        await rig.request()
        await until(lambda: not gateway.nodes[0].condition.ready, 15)
        assert "none is executed" in gateway.nodes[0].condition.reason


async def test_a_deaf_socket_costs_time_not_the_job(rig: Rig) -> None:
    await rig.start_run()
    async with rig.gateway():
        rig.stub.stub.sockets.forget_all()
        await rig.request()
        await rig.until_acknowledged()
    assert len(await rig.events(ImageProduced)) == 1
