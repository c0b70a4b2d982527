"""The stand-in answers as the recorded server did: same statuses, same shapes, same frames in the same order."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from contract.comfy_stub.frame_order import by_job, statuses
from contract.comfy_stub.recording import NAMES, Exchange, Recording, recording
from contract.comfy_stub.replay import Replay

from carnival.testing import until
from comfy_stub.server import running_stub
from comfy_stub.settings import Settings


@dataclass(frozen=True)
class Conditions:
    """How a recording is replayed: the pace of jobs, the limits of the server, and what happened before."""

    seconds_per_image: float = 0.0
    max_upload_mb: float = 100.0
    body_scale: float = 1.0
    cors_origin: str = ""
    keep_results: bool = True
    write_metadata: bool = True
    multi_user: bool = False
    compress_answers: bool = False
    until_ms: float = math.inf
    cut_because: str = ""


LAST_FRAMES_SECONDS = 3
"""How long the last frames may be on their way after the last answer; what differs then is told by the comparison."""

RECORDINGS = 23
"""So many conversations were recorded; none may get lost."""

CONDITIONS = {
    "load": Conditions(0.8, max_upload_mb=1.0, body_scale=0.01),
    "misc": Conditions(
        until_ms=10_000, cut_because="later frames belong to jobs whose submissions were not recorded, 11 s apart"
    ),
    "options_instance": Conditions(
        max_upload_mb=1.0,
        cors_origin="https://hub.example",
        keep_results=False,
        write_metadata=False,
        multi_user=True,
        compress_answers=True,
    ),
    "pipeline_walkthrough": Conditions(0.6),
    "prompt_submit": Conditions(0.4),
    "queue_interrupt": Conditions(1.8),
    "ws_no_client_id_more": Conditions(0.6),
    "ws_reconnect": Conditions(0.9),
}
"""Everything else is replayed as fast as the stand-in draws."""

OF_THEIR_OWN = {
    "server_killed": "test_restarts.py",
    "worker_death": "test_worker_death.py",
}

DEVIATIONS = {
    (
        "pipeline_walkthrough",
        "a26ba9bf",
    ): "ComfyUI goes through output nodes in the order of a set, which is never the same; "
    "the stand-in keeps the order of the workflow",
}
"""(recording, part of the difference) -> why it is right."""


def test_every_recording_is_replayed() -> None:
    """None is left out quietly: each runs below, or in the test named for it; a shortened one says why."""
    assert len(NAMES) == RECORDINGS
    assert OF_THEIR_OWN.keys() | CONDITIONS.keys() <= set(NAMES)
    for name, test in OF_THEIR_OWN.items():
        assert f'recording("{name}")' in Path(__file__).with_name(test).read_text()
    shortened = {name for name, one in CONDITIONS.items() if one.until_ms < math.inf}
    assert shortened == {name for name, one in CONDITIONS.items() if one.cut_because}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OF_THEIR_OWN])
async def test_a_recorded_conversation_goes_the_same_way(name: str, tmp_path: Path) -> None:
    conditions = CONDITIONS.get(name, Conditions())
    data = tmp_path / "a" / "deep" / "enough" / "folder"
    settings = Settings(
        data=data,
        seconds_per_image=conditions.seconds_per_image,
        max_upload_mb=conditions.max_upload_mb,
        cors_origin=conditions.cors_origin,
        keep_results=conditions.keep_results,
        write_metadata=conditions.write_metadata,
        multi_user=conditions.multi_user,
        compress_answers=conditions.compress_answers,
    )
    recorded = recording(name, conditions.until_ms)

    def meddle(step: Exchange) -> None:
        if step.note.startswith("identical again after the output file was deleted"):
            (data / "output" / "t" / "cache_00003_.png").unlink()

    async with running_stub(settings) as stub, aiohttp.ClientSession() as client:
        replay = Replay(recorded, client, stub.url, conditions.body_scale, meddle)
        async with asyncio.timeout(60):
            await prepare(name, replay, data)
            await replay.hold(recorded.steps())
            with suppress(TimeoutError):
                await until(lambda: not frame_problems(recorded, replay), LAST_FRAMES_SECONDS)
    found = replay.problems + frame_problems(recorded, replay)
    unexplained = [line for line in found if not any(name == n and part in line for n, part in DEVIATIONS)]
    assert unexplained == []


async def prepare(name: str, replay: Replay, data: Path) -> None:
    """Bring a fresh stand-in to where the recorded server was when the conversation began."""
    match name:
        case "history_ops":
            for entry in replay.recorded.history_entries():
                _, prompt_id, workflow, extra_data, _ = entry["prompt"]
                await replay.prepare({"prompt": workflow, "prompt_id": prompt_id, "extra_data": extra_data})
        case "view_upload":
            earlier = [step for step in recording("outputs_naming").steps() if isinstance(step, Exchange)]
            saving = next(step for step in earlier if step.note.startswith("extra_pnginfo lands"))
            await replay.prepare(saving.request["body"])
        case "prompt_errors":
            outside = data / "input" / "../../../../etc/passwd"
            outside.resolve().parent.mkdir(parents=True)
            outside.resolve().write_text("not a picture")
        case "pipeline_walkthrough":
            leave_older_files(replay.recorded, data / "output")
        case _:
            await replay.warm_up()


def leave_older_files(recorded: Recording, output: Path) -> None:
    """The recorded server had run the same workflows before, so its counters began later."""
    for entry in recorded.history_entries():
        images = [image for shown in entry["outputs"].values() for image in shown["images"]]
        for image in images[:1]:
            stem, counter, _ = image["filename"].rsplit("_", 2)
            if image["type"] == "output" and int(counter) > 1:
                (output / image["subfolder"]).mkdir(parents=True, exist_ok=True)
                (output / image["subfolder"] / f"{stem}_{int(counter) - 1:05}_.png").touch()


def frame_problems(recorded: Recording, replay: Replay) -> list[str]:
    problems: list[str] = []
    for socket, ear in replay.ears.items():
        theirs, ours = by_job(recorded.frames(socket), replay.ids), by_job(ear.heard, {})
        for job in theirs.keys() | ours.keys():
            if theirs.get(job) != ours.get(job):
                problems.append(f"{socket}, job {job}:\n  recorded {theirs.get(job)}\n  ours     {ours.get(job)}")
        if statuses(recorded.frames(socket)) != statuses(ear.heard):
            problems.append(
                f"{socket}: {statuses(recorded.frames(socket))} were recorded, we have {statuses(ear.heard)}"
            )
    return problems
