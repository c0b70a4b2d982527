"""Checks of this machine: Python, the servers' programs, disk space."""

from __future__ import annotations

import platform
import shutil
import sys
from pathlib import Path
from typing import Final

from carnival_cli.doctor.finding import Finding, fine, problem
from carnival_cli.servers.installed import ServerMissing, find_nats_server, find_postgres

PYTHON_NEEDED: Final = (3, 11)
DISK_BYTES_NEEDED: Final = 2 * 1024**3


def check_python(version: tuple[int, int] = (sys.version_info[0], sys.version_info[1])) -> Finding:
    shown = platform.python_version() if version == sys.version_info[:2] else ".".join(str(part) for part in version)
    if version < PYTHON_NEEDED:
        return problem("Python", shown, "Install Python 3.11 or newer and make the environment anew.")
    return fine("Python", shown)


def check_programs() -> Finding:
    """The embedded servers; they are needed only where none are given."""
    try:
        places = (find_nats_server(), find_postgres())
    except ServerMissing as error:
        return problem("Embedded servers", str(error), "Install the requirements again, or set NATS_URL, DATABASE_URL.")
    return fine("Embedded servers", ", ".join(str(place) for place in places))


def check_disk(folder: Path, bytes_needed: int = DISK_BYTES_NEEDED) -> Finding:
    """Free space where `folder` is or will be."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    shown = f"{free / 1024**3:.1f} GB free in {there}"
    if free < bytes_needed:
        return problem("Disk", shown, "Free some space; a full disk stops the log.")
    return fine("Disk", shown)
