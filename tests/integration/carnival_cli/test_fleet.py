"""`carnival fleet` on a running Carnival."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from fixtures.command_line import answer, carnival, environment


def test_the_fleet_is_shown_watched_and_drained(data: Path) -> None:
    def states() -> list[tuple[str, str]]:
        pools = answer(data, "fleet")["pools"]
        return [(node["node"], node["state"]) for pool in pools for one in pool["gateways"] for node in one["nodes"]]

    [(node, _)] = states()
    gateway = answer(data, "fleet")["pools"][0]["gateways"][0]["gateway"]
    assert f"Gateway {gateway}" in carnival(data, "fleet").stdout
    drained = answer(data, "fleet", "drain", gateway, node, "--reason", "a new fan")
    assert (drained["id"], drained["changed"]) == (f"{gateway}/{node}", True)
    deadline = time.monotonic() + 60
    while states() != [(node, "draining")]:
        assert time.monotonic() < deadline, states()
    shown = carnival(data, "fleet").stdout
    assert f"Drained: {gateway}/{node} by" in shown
    assert "a new fan" in shown
    assert "not drained any more" in carnival(data, "fleet", "undrain", gateway).stdout
    assert carnival(data, "fleet", "drain", "nobody").returncode == 4
    watching = subprocess.Popen(
        [sys.executable, "-m", "carnival_cli", "fleet", "--watch", "--json"],
        env=environment() | {"CARNIVAL_DATA": str(data)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert watching.stdout is not None
        looks = [json.loads(watching.stdout.readline()) for _ in range(2)]
        assert all(look["pools"] for look in looks)
    finally:
        watching.kill()
        watching.communicate()
