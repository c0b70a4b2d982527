"""curation-api in a process of its own, over servers that hold a history."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from carnival_cli.child import Program, module_program
from carnival_cli.probe import answers
from carnival_cli.servers.ports import free_port
from carnival_cli.servers.running import running_server


class ApiProcess:
    """Everybody on this machine may do all. Its images and its log lie in `folder`."""

    def __init__(self, folder: Path, port: int, nats_url: str, database_url: str) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self._settings = {
            "NATS_URL": nats_url,
            "DATABASE_URL": database_url,
            "IMAGE_ROOT": str(folder),
            "API_AUTH": "off",
            "API_PORT": str(port),
        }

    def prepare(self) -> Program:
        return module_program(self.folder, "curation_api", os.environ | self._settings)

    def is_ready(self) -> bool:
        return answers(f"{self.url}/health/ready")()


@contextmanager
def running_api(folder: Path, nats_url: str, database_url: str) -> Generator[ApiProcess]:
    with running_server(lambda: ApiProcess(folder, free_port(), nats_url, database_url)) as api:
        yield api
