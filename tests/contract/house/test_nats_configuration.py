"""The configurations of NATS that are shipped are ones its server takes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
import yaml
from fixtures.certificates import Authority

from carnival_cli.servers.installed import find_nats_server

ROOT: Final = Path(__file__).parents[3]
FOLDER: Final = ROOT / "deploy" / "nats"
WATCH: Final = "sh /etc/nats/stuck.sh"


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


def test_a_stuck_server_is_started_again_under_compose_and_on_a_cluster() -> None:
    """What the script itself says is tested on a full disk (chaos/test_stuck_log.py)."""
    under_compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["nats"]
    assert f"if {WATCH}; then kill 1; fi" in under_compose["healthcheck"]["test"][1]
    assert under_compose["restart"] == "unless-stopped"
    documents = yaml.safe_load_all((ROOT / "deploy/k8s/base/nats.yaml").read_text())
    [server] = [one for one in documents if one["kind"] == "StatefulSet"]
    [container] = server["spec"]["template"]["spec"]["containers"]
    assert f"! {WATCH}" in container["livenessProbe"]["exec"]["command"][2]
    assert f"|| {WATCH}" in container["startupProbe"]["exec"]["command"][2]
    [shipped] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["configMapGenerator"]
    assert {file.name for file in FOLDER.iterdir()} - {"kustomization.yaml"} == set(shipped["files"])
