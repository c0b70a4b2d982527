"""From the finished job to the stored image (JOB-4 to JOB-7)."""

from __future__ import annotations

import copy
import io

from integration.comfy_gateway.rig import DRAW, Rig, png, step
from PIL import Image

from carnival.contracts.ids import derived_id
from carnival.contracts.job import FailureClass, FailureCode, ImageProduced, JobFailed
from carnival.contracts.notices import NodeState
from carnival.testing import until
from comfy_gateway.adapters.pixel_hash import hash_of_pixels
from comfy_stub.server import RunningStub


async def test_a_store_that_fails_for_a_moment_costs_time_not_the_image(rig: Rig) -> None:
    rig.images.failures = 2
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged()
    assert len(await rig.events(ImageProduced)) == 1
    assert len(rig.executed()) == 1


async def test_the_next_job_renders_while_an_image_waits_for_the_store(rig: Rig) -> None:
    rig.images.failures = 2
    await rig.start_run()
    for _ in range(3):
        await rig.request()
    async with rig.gateway():
        await until(lambda: len(rig.executed()) == 3)
        await rig.until_acknowledged(3)
    assert len(await rig.events(ImageProduced)) == 3


async def test_nothing_is_rendered_for_a_store_that_takes_nothing_until_it_does_again(rig: Rig) -> None:
    rig.images.failures = 1_000_000
    await rig.start_run()
    for _ in range(2):
        await rig.request()
    async with rig.gateway() as gateway:
        node = gateway.nodes[0]
        await until(lambda: gateway.store.trouble, 30)
        shown = gateway.presence.presence_of(node)
        assert (shown.slots, shown.state, shown.drained) == (0, NodeState.DRAINING, False)
        assert shown.reason == "the image store does not work: No space left on device"
        rendered, tries = len(rig.executed()), rig.images.failures
        await rig.request()
        await until(lambda: rig.images.failures <= tries - 3, 30, "more tries")
        assert len(rig.executed()) == rendered
        rig.images.failures = 0
        await rig.until_acknowledged(3, 60)
    assert len(await rig.events(ImageProduced)) == 3


async def test_a_parent_that_the_store_does_not_give_is_waited_for(rig: Rig) -> None:
    await rig.start_run()
    job = await rig.request(parent=await rig.parent(), step_order=2)
    rig.images.silent = True
    async with rig.gateway() as gateway:
        await until(lambda: gateway.store.trouble, 30)
        rig.images.silent = False
        await rig.until_acknowledged(seconds=60)
    [produced] = await rig.events(ImageProduced)
    assert produced.job_id == job.job_id
    assert not await rig.events(JobFailed)


async def test_a_file_of_an_earlier_life_is_registered_and_never_replaced(rig: Rig) -> None:
    await rig.start_run()
    job = await rig.request()
    name = f"{derived_id('file', job.job_id)[:16]}_{job.moment_ms // 1000}.png"
    await rig.images.put(f"2026-01-01-gym-shoot/step-1/{name}", png("blue"))
    async with rig.gateway():
        await rig.until_acknowledged()
    [produced] = await rig.events(ImageProduced)
    assert await rig.images.get(produced.image.place) == png("blue")
    assert produced.image.size_bytes == len(png("blue"))
    assert produced.image.pixel_sha256 == hash_of_pixels(Image.open(io.BytesIO(png("blue"))))


async def test_further_images_stay_with_the_job(rig: Rig) -> None:
    workflow = copy.deepcopy(DRAW)
    workflow["canvas"]["inputs"]["batch_size"] = 3
    await rig.start_run(step(1, workflow))
    await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged()
    [produced] = await rig.events(ImageProduced)
    assert len(produced.further_images) == 2
    assert [path.suffix for path in rig.root.rglob("*.*") if path.is_file()] == [".png"]


async def test_a_job_without_an_image_fails(rig: Rig) -> None:
    workflow = copy.deepcopy(DRAW)
    workflow["preview"] = {"class_type": "PreviewImage", "inputs": {"images": ["noise", 0]}}
    await rig.start_run(step(1, workflow, result_node="preview"))
    await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged()
    [failed] = await rig.events(JobFailed)
    assert (failed.code, failed.failure_class) == (FailureCode.NO_IMAGE, FailureClass.GRAPH)


async def test_a_history_that_lags_behind_is_waited_for(rig: Rig) -> None:
    rig.stub.stub.behaviour.history_delay_seconds = 0.4
    await rig.start_run()
    for _ in range(3):
        await rig.request()
    async with rig.gateway(comfyui_poll_interval=5):
        await rig.until_acknowledged(3)
    assert len(rig.executed()) == 3


async def test_two_slots_keep_two_jobs_at_the_server(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 0.5
    await rig.start_run()
    for _ in range(4):
        await rig.request()
    async with rig.gateway(slots_per_node=2) as gateway:
        await until(lambda: gateway.nodes[0].turns.holders == 2)
        await rig.until_acknowledged(4)
    assert len(set(rig.executed())) == 4


async def test_progress_counts_nodes(rig: Rig) -> None:
    await rig.start_run()
    job = await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged()
    assert rig.board.progressed
    assert {(notice.job_id, notice.maximum) for notice in rig.board.progressed} == {(job.job_id, 3.0)}


async def test_a_job_is_not_rendered_elsewhere_while_its_own_node_is_silent(rig: Rig, other_stub: RunningStub) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 0.3
    rig.stubs.append(other_stub)
    await rig.start_run()
    await rig.request()
    async with rig.doomed_gateway():
        await until(lambda: rig.executed())
    await rig.stub.crash()
    rig.jobs.deliver_unacknowledged()
    async with rig.gateway(unreachable_grace=60) as gateway:
        await until(lambda: any(node.condition.ready for node in gateway.nodes))
        await rig.stub.revive()
        await rig.until_acknowledged()
    assert not rig.executed(other_stub)
    assert len(await rig.events(ImageProduced)) == 1
