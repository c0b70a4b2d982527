"""Programs that outlived their supervisor: possible where the system cannot bind them to its life."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable
from typing import Final

import psutil

from carnival_cli.up.layout import Layout
from carnival_cli.up.plan import POSTGRES
from carnival_cli.up.state import UpState, forget_state, read_state

START_TOLERANCE_SECONDS: Final = 1.0
END_SECONDS: Final = 8.0


def start_time(pid: int | None) -> float | None:
    """When the process began, in seconds since 1970; None if there is no such process."""
    try:
        return psutil.Process(pid).create_time() if pid else None
    except psutil.Error:
        return None


def end_leftovers(layout: Layout, report: Callable[[str], None]) -> None:
    """End what a killed `up` left running in this folder. Call with the folder's lock held."""
    state = read_state(layout)
    if state is None:
        return
    leftovers = _leftovers(state)
    for name, process in leftovers.items():
        report(f"ending {name} (process {process.pid}), left over from a killed supervisor")
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT if name == POSTGRES else signal.SIGTERM)
    _, alive = psutil.wait_procs(list(leftovers.values()), timeout=END_SECONDS)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=END_SECONDS)
    forget_state(layout)


def _leftovers(state: UpState) -> dict[str, psutil.Process]:
    found: dict[str, psutil.Process] = {}
    for name, known in state.processes.items():
        began = start_time(known.pid)
        if began is None or known.started is None or abs(began - known.started) > START_TOLERANCE_SECONDS:
            continue
        with contextlib.suppress(psutil.NoSuchProcess):
            found[name] = psutil.Process(known.pid)
    return found
