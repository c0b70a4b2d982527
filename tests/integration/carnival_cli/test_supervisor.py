"""Starting in order, restarting, ending: with small programs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from fixtures.small_plan import DIES, SERVES, STUBBORN, small_plan

from carnival.testing import until
from carnival_cli.up.part import Stage
from carnival_cli.up.process import PartFailed, PartState
from carnival_cli.up.stale import end_leftovers
from carnival_cli.up.state import read_state
from carnival_cli.up.supervisor import Supervisor

TESTS = Path(__file__).parents[2]
TWO = {"first": (Stage.SERVERS, SERVES), "second": (Stage.WORK, SERVES)}


async def test_a_later_stage_starts_when_the_one_before_is_ready(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(small_plan(tmp_path, TWO), said.append)
    await supervisor.start()
    try:
        assert said == ["first is ready", "second is ready"]
        state = read_state(supervisor.plan.layout)
        assert state is not None
        assert {process.state for process in state.processes.values()} == {PartState.READY}
    finally:
        await supervisor.stop()
    assert read_state(supervisor.plan.layout) is None


async def test_a_killed_program_comes_back_on_the_same_port(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(small_plan(tmp_path, TWO), said.append)
    await supervisor.start()
    try:
        second = supervisor.processes["second"]
        killed = second.pid
        assert killed
        os.kill(killed, signal.SIGKILL)
        await until(lambda: second.pid not in (None, killed) and second.state is PartState.READY, 15)
        assert second.part.is_ready()
        assert second.restarts == 1
        assert any("second ended and is started again" in sentence for sentence in said)
    finally:
        await supervisor.stop()


async def test_a_program_that_is_stuck_before_it_is_ready_is_started_again(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, {"first": (Stage.SERVERS, SERVES)})
    part = plan.parts[0]

    def is_second_life() -> bool:
        return supervisor.processes["first"].restarts > 0

    stuck = replace(part, is_ready=lambda: is_second_life() and part.is_ready(), is_stuck=lambda: not is_second_life())
    supervisor = Supervisor(replace(plan, parts=(stuck,)), lambda _: None)
    try:
        await supervisor.start()
        assert supervisor.processes["first"].restarts == 1
    finally:
        await supervisor.stop()


async def test_programs_are_kept_running_also_while_nothing_can_be_written_about_them(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(small_plan(tmp_path, TWO), said.append)
    await supervisor.start()
    state = supervisor.plan.layout.state
    try:
        state.unlink()
        state.mkdir()
        second = supervisor.processes["second"]
        killed = second.pid
        assert killed
        os.kill(killed, signal.SIGKILL)
        await until(lambda: second.pid not in (None, killed) and second.state is PartState.READY, 15)
        assert any(sentence.startswith(f"{state} cannot be written: ") for sentence in said)
    finally:
        state.rmdir()
        await supervisor.stop()


async def test_nothing_is_left_behind_at_the_end_even_what_ignores_the_signal(tmp_path: Path) -> None:
    plan = small_plan(tmp_path, {"stubborn": (Stage.WORK, STUBBORN), "docile": (Stage.WORK, SERVES)})
    supervisor = Supervisor(plan, lambda _: None, stop_seconds=0.5)
    await supervisor.start()
    pids = [process.pid for process in supervisor.processes.values()]
    await supervisor.stop()
    assert [pid for pid in pids if pid and psutil.pid_exists(pid)] == []


async def test_a_program_that_cannot_start_is_named_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(small_plan(tmp_path, {"broken": (Stage.WORK, DIES)}), lambda _: None)
    try:
        with pytest.raises(PartFailed, match=r"broken ends as soon as it starts(?s:.*)PIPELINE_N: it is no number"):
            await supervisor.start()
    finally:
        await supervisor.stop()


async def test_programs_die_with_a_killed_supervisor_and_leftovers_are_ended(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from fixtures.small_plan import SERVES, small_plan\n"
        "from carnival_cli.up.part import Stage\n"
        "from carnival_cli.up.supervisor import Supervisor\n"
        "async def main():\n"
        "    plan = small_plan(Path(sys.argv[2]), {'one': (Stage.WORK, SERVES)})\n"
        "    await Supervisor(plan, lambda _: None).start()\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, str(TESTS), str(tmp_path)])  # noqa: ASYNC220
    layout = small_plan(tmp_path, {}).layout

    def child() -> int | None:
        state = read_state(layout)
        return state.processes["one"].pid if state and state.processes["one"].state is PartState.READY else None

    try:
        pid = await until(child, 20)
        assert pid
    finally:
        parent.kill()
        parent.wait()
    await until(lambda: not psutil.pid_exists(pid), 5)
    end_leftovers(layout, lambda _: None)
    assert read_state(layout) is None
