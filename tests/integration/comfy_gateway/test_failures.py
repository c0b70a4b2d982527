"""Jobs that end without an image: each with one failure of the right class (FAIL-6, JOB-2, JOB-5, JOB-10)."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from integration.comfy_gateway.rig import DRAW, REFINE, Rig, step

from carnival.contracts.ids import CandidateId
from carnival.contracts.job import FailureClass, FailureCode, ImageProduced, JobFailed, JobSubmitted, ParentImage
from carnival.testing import until
from comfy_stub.behaviour import NodeRejection, PlannedFailures


async def failure(rig: Rig) -> JobFailed:
    await rig.until_acknowledged()
    assert not await rig.events(ImageProduced)
    [failed] = await rig.events(JobFailed)
    return failed


def changed(node: str, **inputs: Any) -> dict[str, Any]:
    workflow = copy.deepcopy(DRAW)
    workflow[node]["inputs"].update(inputs)
    return workflow


async def test_an_error_while_drawing_is_the_pictures_fault(rig: Rig) -> None:
    rig.stub.stub.behaviour.fail_next = PlannedFailures(1, message="bad pixels in /srv/comfy/models/x.bin")
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        failed = await failure(rig)
    assert (failed.code, failed.failure_class) == (FailureCode.EXECUTION_ERROR, FailureClass.CONTENT)
    assert failed.message.startswith("bad pixels in x.bin (RuntimeError in node ")
    assert (failed.attempt, failed.node) == (1, f"127-0-0-1-{rig.stub.port}")
    assert len(rig.executed()) == 1


async def test_a_node_out_of_memory_gets_one_more_attempt_under_a_new_id(rig: Rig) -> None:
    rig.stub.stub.behaviour.change({"fail_next": {"kind": "memory", "count": 1}})
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged()
    [produced] = await rig.events(ImageProduced)
    assert produced.attempt == 2
    assert len(set(rig.executed())) == 2
    assert [event.attempt for event in await rig.events(JobSubmitted)] == [1, 2]


async def test_a_node_out_of_memory_twice_is_a_memory_failure(rig: Rig) -> None:
    rig.stub.stub.behaviour.change({"fail_next": {"kind": "memory", "count": 2}})
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        failed = await failure(rig)
    assert (failed.code, failed.failure_class) == (FailureCode.OUT_OF_MEMORY, FailureClass.MEMORY)


async def test_a_template_the_server_refuses_is_a_graph_failure(rig: Rig) -> None:
    await rig.start_run(step(1, changed("noise", strength=5.0)))
    await rig.request()
    async with rig.gateway():
        failed = await failure(rig)
    assert (failed.code, failed.failure_class) == (FailureCode.REFUSED, FailureClass.GRAPH)
    assert "node noise (ImageAddNoise)" in failed.message


async def test_a_missing_input_file_is_a_missing_asset(rig: Rig) -> None:
    workflow = copy.deepcopy(REFINE)
    workflow["parent"]["inputs"]["image"] = "nowhere.png"
    await rig.start_run(step(1, workflow))
    await rig.request()
    async with rig.gateway():
        failed = await failure(rig)
    assert (failed.code, failed.failure_class) == (FailureCode.MISSING_ASSET, FailureClass.MISSING_ASSET)


async def test_a_partly_accepted_workflow_is_stopped_and_fails(rig: Rig) -> None:
    workflow = changed("canvas") | {
        "upside": {"class_type": "ImageScaleBy", "inputs": {"image": ["canvas", 0], "upscale_method": "area"}},
        "second": {"class_type": "SaveImage", "inputs": {"images": ["upside", 0], "filename_prefix": "second"}},
    }
    rig.stub.stub.behaviour.node_errors = [NodeRejection("ImageScaleBy")]
    await rig.start_run(step(1, workflow, result_node="save"))
    await rig.request()
    async with rig.gateway():
        failed = await failure(rig)
    assert (failed.code, failed.failure_class) == (FailureCode.REFUSED, FailureClass.GRAPH)
    assert "node upside (ImageScaleBy)" in failed.message


@pytest.mark.parametrize(
    ("workflow", "code"),
    [
        (changed("noise", strength="{{strength}}"), FailureCode.MISSING_VARIABLE),
        ({"nodes": [], "links": []}, FailureCode.BAD_TEMPLATE),
        (changed("canvas", color=["save", 0]), FailureCode.BAD_TEMPLATE),
        (
            {**changed("canvas"), "load": {"class_type": "LoadImage", "inputs": {"image": "../../etc/passwd"}}},
            FailureCode.BAD_PATH,
        ),
    ],
)
async def test_what_cannot_be_built_is_never_posted(rig: Rig, workflow: dict[str, Any], code: FailureCode) -> None:
    await rig.start_run(step(1, workflow))
    await rig.request()
    async with rig.gateway():
        failed = await failure(rig)
    assert (failed.code, failed.failure_class, failed.attempt) == (code, FailureClass.GRAPH, 0)
    assert not rig.executed()
    assert not await rig.events(JobSubmitted)


async def test_a_missing_parent_file_fails_the_job(rig: Rig) -> None:
    await rig.start_run()
    parent = ParentImage(candidate_id=CandidateId("c9"), place="gone/away.png", sha256="0" * 64)
    await rig.request(step_order=2, parent=parent)
    async with rig.gateway():
        failed = await failure(rig)
    assert (failed.code, failed.failure_class) == (FailureCode.PARENT_UNAVAILABLE, FailureClass.MISSING_ASSET)


async def test_a_job_over_its_deadline_is_stopped_at_the_node(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 3
    await rig.start_run()
    await rig.request()
    async with rig.gateway(job_deadline=0.3):
        failed = await failure(rig)
    assert (failed.code, failed.failure_class) == (FailureCode.NODE_TIMEOUT, FailureClass.INFRASTRUCTURE)


async def test_an_interruption_by_somebody_else_is_nobodys_fault(rig: Rig) -> None:
    rig.stub.stub.behaviour.seconds_per_image = 1
    await rig.start_run()
    await rig.request()
    async with rig.gateway():
        await until(rig.executed)
        rig.stub.stub.engine.interrupt(None)
        failed = await failure(rig)
    assert (failed.code, failed.failure_class) == (FailureCode.INTERRUPTED, FailureClass.INFRASTRUCTURE)


async def test_a_picture_too_large_for_the_store_fails_the_job(rig: Rig) -> None:
    await rig.start_run()
    await rig.request()
    async with rig.gateway(image_max_pixels=100):
        failed = await failure(rig)
    assert failed.code is FailureCode.BAD_IMAGE


async def test_one_failing_job_does_not_hold_up_the_others(rig: Rig) -> None:
    rig.stub.stub.behaviour.fail_every = 2
    await rig.start_run()
    for _ in range(6):
        await rig.request()
    async with rig.gateway():
        await rig.until_acknowledged(6)
    assert (len(await rig.events(ImageProduced)), len(await rig.events(JobFailed))) == (3, 3)
