"""Programs as child processes that never outlive the process that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from carnival_cli.servers.account import Account

PR_SET_PDEATHSIG: Final = 1
_LIBC: Final = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `stop_signal` asks it to end, `orphan_signal` reaches it when its parent dies (Linux).

    `account`: run as that user; None keeps the present one. `environment` is the whole environment.
    """

    argv: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL


def module_program(folder: Path, module: str, environment: Mapping[str, str], *arguments: str) -> Program:
    """`python -m module`. -P keeps `folder`, which may hold a folder `nats`, out of the import path."""
    return Program(
        argv=(sys.executable, "-P", "-m", module, *arguments),
        folder=folder,
        environment=environment,
        stop_signal=signal.SIGTERM,
        orphan_signal=signal.SIGKILL,
    )


def popen_arguments(program: Program) -> dict[str, Any]:
    """Keyword arguments for subprocess.Popen and asyncio.create_subprocess_exec, which share them.

    A session of its own keeps Ctrl-C in the terminal away from the child: its parent ends it, in order.
    """
    arguments: dict[str, Any] = {
        "cwd": program.folder,
        "env": dict(program.environment),
        "start_new_session": True,
        "preexec_fn": _dies_with(os.getpid(), program.orphan_signal),
    }
    if program.account is not None:
        arguments |= {"user": program.account.uid, "group": program.account.gid, "extra_groups": []}
    return arguments


def _dies_with(parent: int, orphan_signal: signal.Signals) -> Callable[[], None] | None:
    """Runs in the child after the change of user, which would clear the setting, and before the program starts."""
    libc = _LIBC
    if libc is None:
        return None

    def bind() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind
