"""From a requested job to a stored image and its event."""

from __future__ import annotations

import os
from hashlib import sha256

from integration.comfy_gateway.rig import Rig

from carnival.contracts.job import ImageProduced, JobFailed, JobSubmitted
from carnival.contracts.notices import NodeState
from carnival.testing import until
from carnival.testing.examples import candidate_of


async def test_a_base_job_becomes_a_stored_image(rig: Rig) -> None:
    await rig.start_run()
    job = await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged()
    [submitted] = await rig.events(JobSubmitted)
    [produced] = await rig.events(ImageProduced)
    data = await rig.images.get(produced.image.place)
    assert submitted.prompt_id == rig.executed()[0]
    assert produced.candidate_id == candidate_of(job.job_id)
    assert produced.image.place.startswith("2026-01-01-gym-shoot/step-1/")
    assert produced.image.place.endswith(f"_{job.moment_ms // 1000}.png")
    assert (produced.image.sha256, produced.image.size_bytes) == (sha256(data).hexdigest(), len(data))
    assert (produced.image.width, produced.image.height) == (64, 64)
    assert produced.gpu_seconds > 0
    assert not await rig.events(JobFailed)


async def test_a_parent_is_uploaded_before_its_child_is_drawn(rig: Rig) -> None:
    await rig.start_run()
    parent = await rig.parent()
    await rig.request(step_order=2, parent=parent)
    async with rig.gateway():
        await rig.until_acknowledged()
    [produced] = await rig.events(ImageProduced)
    assert produced.parent_id == parent.candidate_id
    assert (rig.stub.settings.data / "input" / "carnival" / f"{parent.sha256}.png").is_file()


async def test_a_parent_that_a_server_has_is_not_written_again_under_its_other_children(rig: Rig) -> None:
    """Half a file, read by a sibling that renders, would be charged to the parent (FAIL-1)."""
    await rig.start_run()
    parent = await rig.parent()
    there = rig.stub.settings.data / "input" / "carnival" / f"{parent.sha256}.png"
    async with rig.gateway():
        await rig.request(step_order=2, parent=parent)
        await rig.until_acknowledged(1)
        os.utime(there, ns=(0, 0))
        await rig.request(step_order=2, parent=parent)
        await rig.until_acknowledged(2)
    assert there.stat().st_mtime_ns == 0
    assert list(there.parent.iterdir()) == [there]


async def test_half_a_parent_that_a_dead_upload_left_is_not_what_its_child_is_made_of(rig: Rig) -> None:
    await rig.start_run()
    parent = await rig.parent()
    there = rig.stub.settings.data / "input" / "carnival" / f"{parent.sha256}.png"
    there.parent.mkdir(parents=True)
    there.write_bytes(b"half")
    await rig.request(step_order=2, parent=parent)
    async with rig.gateway():
        await rig.until_acknowledged()
    [produced] = await rig.events(ImageProduced)
    assert produced.parent_id == parent.candidate_id


async def test_ten_jobs_are_drawn_once_each(rig: Rig) -> None:
    await rig.start_run()
    for _ in range(10):
        await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged(10)
    assert len({event.job_id for event in await rig.events(ImageProduced)}) == 10
    assert len(set(rig.executed())) == len(rig.executed()) == 10


async def test_presence_is_announced_and_withdrawn(rig: Rig) -> None:
    await rig.start_run()
    async with rig.gateway():
        await until(lambda: any(notice.state is NodeState.READY for notice in rig.board.present.values()))
        [notice] = rig.board.present.values()
        assert (notice.slots, notice.pool, notice.gateway) == (1, "default", "g1")
        assert notice.version
    assert not rig.board.present
