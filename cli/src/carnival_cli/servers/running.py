"""A server for the length of a `with` block: for tests and benchmarks."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol, TypeVar, cast

from carnival_cli.child import Program, popen_arguments
from carnival_cli.servers.nats import NatsServer
from carnival_cli.servers.ports import free_port, free_ports
from carnival_cli.servers.postgres import PostgresServer

READY_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.05
PORT_TRIES: Final = 3


class ServerFailed(Exception):
    """A server ended or did not answer in time; the text holds the end of its log."""


class Server(Protocol):
    @property
    def folder(self) -> Path: ...
    def prepare(self) -> Program: ...
    def is_ready(self) -> bool: ...


S = TypeVar("S", bound=Server)


@contextmanager
def running_nats(folder: Path) -> Generator[NatsServer]:
    """A NATS server with its data in `folder`."""
    with running_server(lambda: NatsServer(folder, *free_ports(2))) as server:
        yield server


@contextmanager
def running_postgres(folder: Path, *, durable: bool = True) -> Generator[PostgresServer]:
    """A Postgres server with its data in `folder`."""
    with running_server(lambda: PostgresServer(folder, free_port(), durable)) as server:
        yield server


@contextmanager
def running_server(build: Callable[[], S]) -> Generator[S]:
    """The server that `build` makes with ports it has chosen; called again if one of them is taken meanwhile."""
    server, program, process = _start(build)
    try:
        yield server
    finally:
        end(process, program.stop_signal)


def _start(build: Callable[[], S]) -> tuple[S, Program, subprocess.Popen[bytes]]:
    """Between choosing a port and binding it another process may take it; then another port is tried."""
    for attempt in range(1, PORT_TRIES + 1):
        server = build()
        program = server.prepare()
        process = launch(program, server.folder / "server.log")
        try:
            _wait_until_ready(server, process)
        except ServerFailed:
            end(process, signal.SIGKILL)
            if attempt == PORT_TRIES:
                raise
        else:
            return server, program, process
    raise ServerFailed("no server was started")


def launch(program: Program, log: Path) -> subprocess.Popen[bytes]:
    """Start a program with its output appended to `log`."""
    with log.open("ab") as output:
        return cast(
            "subprocess.Popen[bytes]",
            subprocess.Popen(
                program.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **popen_arguments(program),
            ),
        )


def end(process: subprocess.Popen[bytes], stop_signal: int) -> None:
    """Ask, wait, kill. Returns when the process is gone."""
    if process.poll() is None:
        process.send_signal(stop_signal)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not server.is_ready():
        if process.poll() is not None:
            raise ServerFailed(f"the server ended with code {process.returncode}: {_end_of_log(server)}")
        if time.monotonic() > deadline:
            raise ServerFailed(f"the server gave no answer within {READY_SECONDS:.0f} s: {_end_of_log(server)}")
        time.sleep(POLL_SECONDS)


def _end_of_log(server: Server) -> str:
    return (server.folder / "server.log").read_text(encoding="utf-8", errors="replace")[-1500:]
