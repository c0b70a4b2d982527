"""Jobs go to servers that can do them; what nobody can do fails with what is missing."""

from __future__ import annotations

from typing import Any

from integration.comfy_gateway.rig import DRAW, Rig, step

from carnival.contracts.capabilities import Capabilities
from carnival.contracts.job import FailureClass, ImageProduced, JobFailed
from carnival.testing import until
from comfy_gateway.application.run_gateway import Gateway
from comfy_stub.server import RunningStub

ENLARGE: dict[str, Any] = {
    "canvas": DRAW["canvas"],
    "loader": {"class_type": "UpscaleModelLoader", "inputs": {"model_name": "carnival-2x.pth"}},
    "big": {"class_type": "ImageUpscaleWithModel", "inputs": {"upscale_model": ["loader", 0], "image": ["canvas", 0]}},
    "noise": {
        "class_type": "ImageAddNoise",
        "inputs": {"image": ["big", 0], "seed": "{{auto_seed}}", "strength": 0.5},
    },
    "save": {"class_type": "SaveImage", "inputs": {"images": ["noise", 0], "filename_prefix": "big"}},
}


async def all_learned(gateway: Gateway) -> None:
    await until(lambda: all(node.learned is not None for node in gateway.nodes))


async def test_what_a_server_can_do_is_announced(rig: Rig) -> None:
    rig.stub.stub.behaviour.missing_models = ["carnival-2x.pth"]
    async with rig.gateway() as gateway:
        await all_learned(gateway)
        [present] = await until(lambda: [one for one in rig.board.present.values() if one.capabilities])
        known = Capabilities.unpacked(rig.board.kinds[f"default.{present.capabilities}"])
    assert "KSampler" in known.classes
    assert known.shelves[known.classes["UpscaleModelLoader"]["model_name"]] == ("carnival-4x.pth",)
    assert present.version == "0.10.0"
    assert present.devices[0].memory_total > 0


async def test_a_job_goes_to_the_node_that_has_the_file(rig: Rig, other_stub: RunningStub) -> None:
    rig.stubs.append(other_stub)
    rig.stub.stub.behaviour.missing_models = ["carnival-2x.pth"]
    await rig.start_run(step(1, ENLARGE))
    async with rig.gateway() as gateway:
        await all_learned(gateway)
        for _ in range(6):
            await rig.request()
        await rig.until_acknowledged(6, seconds=90)
    assert len(await rig.events(ImageProduced)) == 6
    assert (rig.executed(), len(rig.executed(other_stub))) == ([], 6)


async def test_a_file_that_each_job_chooses_anew_is_looked_for_anew(rig: Rig, other_stub: RunningStub) -> None:
    """Job 2 asks for `carnival-2x.pth`, job 4 for `carnival-4x.pth`: one server has the one, one the other."""
    rig.stubs.append(other_stub)
    rig.stub.stub.behaviour.missing_models = ["carnival-2x.pth"]
    other_stub.stub.behaviour.missing_models = ["carnival-4x.pth"]
    chosen_by_job = ENLARGE | {
        "loader": {"class_type": "UpscaleModelLoader", "inputs": {"model_name": "carnival-{{job_id}}x.pth"}}
    }
    await rig.start_run(step(1, chosen_by_job))
    async with rig.gateway() as gateway:
        await all_learned(gateway)
        for number in (2, 4):
            await rig.request(number=number)
        await rig.until_acknowledged(2, seconds=90)
    assert not await rig.events(JobFailed)
    assert (len(rig.executed()), len(rig.executed(other_stub))) == (1, 1)


async def test_a_job_that_only_another_gateway_can_do_is_left_to_it(rig: Rig, other_stub: RunningStub) -> None:
    rig.stub.stub.behaviour.missing_classes = ["ImageUpscaleWithModel"]
    await rig.start_run(step(1, ENLARGE))
    elsewhere = Rig(rig.root.parent / "elsewhere", [other_stub])
    elsewhere.log, elsewhere.jobs, elsewhere.board, elsewhere.images = rig.log, rig.jobs, rig.board, rig.images
    async with rig.gateway() as able_to_little, elsewhere.gateway(gateway_name="g2") as able:
        await all_learned(able_to_little)
        await all_learned(able)
        for _ in range(2):
            await rig.request()
        await rig.until_acknowledged(2, seconds=90)
    assert {event.gateway for event in await rig.events(ImageProduced)} == {"g2"}
    assert not rig.executed()


async def test_a_file_that_a_server_lost_since_it_was_asked_is_looked_for_at_the_others(
    rig: Rig, other_stub: RunningStub
) -> None:
    """The refusal is news: the server is asked anew, and the job is tried where the file is."""
    rig.stubs.append(other_stub)
    await rig.start_run(step(1, ENLARGE))
    async with rig.gateway() as gateway:
        await all_learned(gateway)
        rig.stub.stub.behaviour.missing_models = ["carnival-2x.pth"]
        await rig.request()
        await rig.until_acknowledged(seconds=60)
    assert not await rig.events(JobFailed)
    assert (rig.executed(), len(rig.executed(other_stub))) == ([], 1)


async def test_what_nobody_can_do_fails_at_once_and_is_named(rig: Rig) -> None:
    rig.stub.stub.behaviour.missing_models = ["carnival-2x.pth"]
    await rig.start_run(step(1, ENLARGE))
    async with rig.gateway() as gateway:
        await all_learned(gateway)
        await rig.request()
        [failed] = await rig.until_events(JobFailed)
    assert failed.failure_class is FailureClass.MISSING_ASSET
    assert failed.message == "node loader (UpscaleModelLoader) lacks carnival-2x.pth for model_name"


async def test_a_job_stops_waiting_for_others_in_the_end(rig: Rig) -> None:
    """Somebody could do it a moment ago, and never comes back."""
    rig.stub.stub.behaviour.missing_classes = ["ImageUpscaleWithModel"]
    await rig.start_run(step(1, ENLARGE))
    _, packed = Capabilities(classes={name: {} for name in ("ImageUpscaleWithModel", *_classes(ENLARGE))}).packed()
    rig.board.kinds["default.somebody"] = packed
    async with rig.gateway(handover_seconds=1) as gateway:
        await all_learned(gateway)
        job = await rig.request()
        await until(lambda: rig.jobs.deliveries_of(job.job_id) > 1)
        [failed] = await rig.until_events(JobFailed, seconds=90)
    assert failed.failure_class is FailureClass.GRAPH
    assert "ImageUpscaleWithModel" in failed.message


async def test_a_server_started_anew_is_asked_again_what_it_can_do(rig: Rig) -> None:
    await rig.start_run()
    async with rig.gateway() as gateway:
        await all_learned(gateway)
        before = set(rig.board.kinds)
        await rig.stub.crash()
        await rig.stub.start()
        rig.stub.stub.behaviour.missing_classes = ["KSampler"]
        await until(lambda: set(rig.board.kinds) and set(rig.board.kinds) != before, 90)
        [known] = [Capabilities.unpacked(packed) for packed in rig.board.kinds.values()]
    assert "KSampler" not in known.classes


def _classes(workflow: dict[str, Any]) -> list[str]:
    return [str(node["class_type"]) for node in workflow.values()]
