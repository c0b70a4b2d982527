"""Cancelled jobs: staged, rendering, too late (KILL-6, RUN-8)."""

from __future__ import annotations

from integration.comfy_gateway.rig import Rig

from carnival.contracts.job import CancelReason, ImageProduced, JobFailed, JobSubmitted
from carnival.testing import until


async def test_a_job_cancelled_before_its_delivery_is_only_acknowledged(rig: Rig) -> None:
    await rig.start_run()
    job = await rig.request()
    await rig.cancel(job)
    async with rig.gateway():
        await rig.until_acknowledged()
    assert not rig.executed()
    assert not await rig.events(JobFailed)


async def test_a_staged_job_is_dropped_and_never_posted(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 0.5
    await rig.start_run()
    first, second = await rig.request(), await rig.request()
    async with rig.gateway(stop_grace=0) as gateway:
        await rig.until_events(JobSubmitted)
        await rig.cancel(second)
        gateway.cancels.hint()
        await until(lambda: rig.jobs.acknowledged == [second.job_id])
        await until(lambda: first.job_id in rig.jobs.acknowledged)
    assert len(rig.executed()) == 1
    assert [event.job_id for event in await rig.events(ImageProduced)] == [first.job_id]


async def test_a_rendering_job_is_interrupted_at_the_node(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 1.0
    await rig.start_run()
    job = await rig.request()
    async with rig.gateway() as gateway:
        await rig.until_events(JobSubmitted)
        await until(lambda: rig.executed())
        await rig.cancel(job)
        gateway.cancels.hint()
        await rig.until_acknowledged()
        [line] = rig.stub.stub.ledger.lines()
    assert line["verdict"] in {"interrupted", "success"}
    assert len(await rig.events(ImageProduced)) == (line["verdict"] == "success")
    assert not await rig.events(JobFailed)


async def test_a_cancellation_is_found_without_any_hint(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 1.5
    await rig.start_run()
    job = await rig.request()
    async with rig.gateway():
        await until(lambda: rig.executed())
        await rig.cancel(job)
        await rig.until_acknowledged()
    assert not await rig.events(JobFailed)


async def test_an_image_that_arrives_after_the_kill_is_registered_for_the_record(rig: Rig) -> None:
    """An interrupt is looked at before each node only, so the last node always finishes (JOB-8)."""
    await rig.start_run()
    job = await rig.request()
    await rig.post_behind_the_back(job)
    await until(lambda: [line["verdict"] for line in rig.stub.stub.ledger.lines()] == ["success"])
    await rig.cancel(job)
    async with rig.gateway():
        await rig.until_acknowledged()
    assert [event.job_id for event in await rig.events(ImageProduced)] == [job.job_id]
    assert len(rig.executed()) == 1


async def test_a_paused_run_lets_the_rendering_job_finish(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 0.3
    await rig.start_run()
    job = await rig.request()
    async with rig.gateway() as gateway:
        await rig.until_events(JobSubmitted)
        await rig.cancel(job, reason=CancelReason.RUN_PAUSED)
        gateway.cancels.hint()
        await rig.until_acknowledged()
    assert [event.job_id for event in await rig.events(ImageProduced)] == [job.job_id]


async def test_a_kill_after_a_pause_still_counts(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 1.0
    await rig.start_run()
    job = await rig.request()
    async with rig.gateway() as gateway:
        await rig.until_events(JobSubmitted)
        await until(lambda: rig.executed())
        await rig.cancel(job, reason=CancelReason.RUN_PAUSED)
        gateway.cancels.hint()
        held = gateway.nodes[0].jobs[job.job_id]
        await until(lambda: held.cancellations)
        assert not held.is_cancelled
        await rig.cancel(job)
        gateway.cancels.hint()
        await until(lambda: held.is_cancelled)
        await rig.until_acknowledged()
