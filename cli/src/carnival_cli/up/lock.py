"""One `up` per data folder."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

from carnival_cli.up.layout import Layout


class AlreadyRunning(Exception):
    """Another `up` holds the data folder. `pid` and `address` are what it wrote down, if it came that far."""

    def __init__(self, layout: Layout, pid: int | None, address: str | None) -> None:
        where = f" at {address}" if address else ""
        who = f" (process {pid})" if pid else ""
        super().__init__(f"Carnival runs in {layout.data} already{where}{who}.")
        self.pid = pid
        self.address = address


@contextmanager
def folder_lock(layout: Layout, address: str) -> Generator[None]:
    """Hold the folder. The lock falls with the process, however it ends. Raises AlreadyRunning."""
    descriptor = os.open(layout.lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(layout, *_holder(layout)) from None
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder_of(layout: Layout) -> int | None:
    """The process id of the `up` that holds the folder; None if nobody does."""
    try:
        descriptor = os.open(layout.lock, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(layout)[0]
    finally:
        os.close(descriptor)
    return None


def _holder(layout: Layout) -> tuple[int | None, str | None]:
    try:
        content = json.loads(layout.lock.read_text(encoding="utf-8"))
    except ValueError:
        return None, None
    return cast("int | None", content.get("pid")), cast("str | None", content.get("address"))
