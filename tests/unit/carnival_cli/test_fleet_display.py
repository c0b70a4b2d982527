"""The fleet on the screen: everything an operator asks first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from rich.console import Console

from carnival_cli.api.views.fleet import Fleet
from carnival_cli.fleet_display import fleet_summary

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GIB = 1 << 30


def node(name: str, state: str, **fields: Any) -> dict[str, Any]:
    base = {"gateway": "g1", "node": name, "pool": "default", "slots": 1, "state": state, "version": "0.10.0"}
    return {**base, "since": NOW - timedelta(seconds=90), **fields}


def shown(pools: list[dict[str, Any]], drains: list[dict[str, Any]] | None = None, width: int = 80) -> list[str]:
    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        console.print(fleet_summary(Fleet.model_validate({"pools": pools, "drains": drains or []}), NOW))
    return [line.rstrip() for line in capture.get().splitlines()]


def pool(*nodes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    gateway = {"gateway": "g1", "version": "0.1.0", "drained": False, "nodes": list(nodes)}
    return {"pool": "default", "slots": 1, "busy": 1, "gateways": [gateway], "blocked": [], **fields}


def test_a_server_stands_on_one_line_of_a_narrow_screen() -> None:
    jobs = [
        {"job_id": "j" * 32, "run_id": "r1", "step_order": 1, "attempt": 1, "phase": phase}
        for phase in ("posted", "staged")
    ]
    devices = [{"name": "RTX", "type": "cuda", "memory_total": 24 * GIB, "memory_free": 10 * GIB}]
    busy = node("gpu-box-long-name-8188", "busy", current_jobs=jobs, devices=devices)
    assert shown([pool(busy)]) == [
        "Pool default: 1 slot offered, 1 job at servers",
        "Gateway g1 0.1.0",
        "node                    state  for    jobs             memory free    ComfyUI",
        "gpu-box-long-name-8188  busy   2 min  jjjjjjjjjjjj +1  10.0/24.0 GiB  0.10.0",
    ]


def test_what_does_not_work_says_why_and_since_when() -> None:
    held = node(
        "n1",
        "quarantined",
        reason="It failed 3 times",
        drained=True,
        idle={"cause": "quarantined", "words": "next canary at 12:00:10 UTC"},
        last_errors=[
            {"time": NOW - timedelta(seconds=5), "failure_class": "memory", "message": "full", "job_id": "j" * 32},
            {"time": NOW - timedelta(seconds=9), "failure_class": "content", "message": "nan"},
        ],
    )
    blocked = {
        "run_id": "r1",
        "run_name": "Gym",
        "order": 2,
        "name": "Fix",
        "readiness": "missing",
        "warning": "Step 'Fix': no server has file a.pt.",
    }
    drain = {"gateway": "g1", "node": "n1", "reason": "a new fan", "since": NOW - timedelta(hours=2), "actor": "ada"}
    lines = shown([pool(held, blocked=[blocked])], [drain])
    assert lines[3].startswith("n1    quarantined, drained  2 min  -")
    assert lines[4:] == [
        "n1: It failed 3 times; next canary at 12:00:10 UTC",
        "Run 'Gym' waits: Step 'Fix': no server has file a.pt.",
        "Drained: g1/n1 by ada, 2 h 0 min ago: a new fan",
        "Last error of n1, 5 s ago, 2 kept: memory: full (job jjjjjjjjjjjj)",
    ]


def test_an_idle_server_says_why_it_is_idle() -> None:
    idle = node("n1", "ready", idle={"cause": "no_job", "words": "no job of pool default is wanted"})
    assert shown([pool(idle)])[-1] == "n1: no job of pool default is wanted"


def test_nobody_is_said_so() -> None:
    assert shown([]) == ["No server is present. A gateway announces those of COMFYUI_BASE_URL."]
