"""`comfy-stub` and `python -m comfy_stub`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence

from comfy_stub.server import RunningStub
from comfy_stub.settings import Settings, settings_from

CRASH_STATUS = 137


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until SIGINT or SIGTERM; prints one line once it listens."""
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(_serve(settings_from(sys.argv[1:] if arguments is None else arguments, os.environ)))


async def _serve(settings: Settings) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    running = RunningStub(settings, on_crash=_crash)
    await running.start()
    print(f"comfy-stub listening on {running.url}", flush=True)
    await ended.wait()
    await running.stop()


def _crash() -> None:
    os._exit(CRASH_STATUS)


if __name__ == "__main__":
    main()
