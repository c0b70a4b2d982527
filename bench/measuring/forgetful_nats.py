"""A NATS server that writes to the disk when it likes, as NATS does by default. For comparing; a hub never uses it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from carnival_cli.probe import answers
from carnival_cli.servers.installed import find_nats_server
from carnival_cli.servers.ports import LOOPBACK, free_ports

READY_SECONDS = 30.0
STOP_SECONDS = 10.0


@contextmanager
def running_forgetful_nats(folder: Path) -> Generator[str]:
    """Its address, while the block runs."""
    port, monitor = free_ports(2)
    command = [str(find_nats_server()), "--addr", LOOPBACK, "--port", str(port), "--http_port", str(monitor)]
    command += ["--jetstream", "--store_dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline, ready = time.monotonic() + READY_SECONDS, answers(f"http://{LOOPBACK}:{monitor}/healthz")
        while not ready():
            if time.monotonic() > deadline:
                raise RuntimeError("the NATS server to compare with did not start")
            time.sleep(0.05)
        yield f"nats://{LOOPBACK}:{port}"
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
