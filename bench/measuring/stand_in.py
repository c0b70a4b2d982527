"""A stand-in for ComfyUI in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

LISTENING = re.compile(r"listening on (\S+)")
END_SECONDS = 10


@contextmanager
def running_stand_in(folder: Path, seconds_per_image: float) -> Generator[str]:
    """Its address, while the block runs."""
    command = [sys.executable, "-m", "comfy_stub", "--port", "0", "--data", str(folder)]
    command += ["--seconds-per-image", str(seconds_per_image)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = LISTENING.search(process.stdout.readline())
        assert found is not None, "the stand-in did not start"
        yield found[1]
    finally:
        process.terminate()
        process.wait(END_SECONDS)
