"""The configurations of NATS that are shipped are ones its server takes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from fixtures.certificates import Authority

from carnival_cli.servers.installed import find_nats_server

FOLDER: Final = Path(__file__).parents[3] / "deploy" / "nats"


@pytest.mark.parametrize("file", ["server.conf", "encrypted.conf", "cluster.conf"])
def test_a_server_takes_the_configuration(file: str, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    signed = authority.certificate("nats")
    places = {"tls.crt": signed.file, "tls.key": signed.key, "ca.crt": authority.file}
    for name, place in places.items():
        shutil.copy(place, tmp_path / name)
    for shipped in FOLDER.glob("*.conf"):
        text = shipped.read_text().replace('"/certificates/', f'"{tmp_path}/')
        (tmp_path / shipped.name).write_text(text)
    passwords = dict.fromkeys(re.findall(r"\$([A-Z_]+_PASSWORD)", (FOLDER / "users.conf").read_text()), "secret")
    command = [find_nats_server(), "-t", "--config", tmp_path / file]
    environment = {**os.environ, **passwords, "POD_NAME": "nats-0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
