"""The fleet on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from carnival_cli.api.views.fleet import Drain, Fleet, FleetNode, Pool
from carnival_cli.output import table
from carnival_cli.run_display import duration, short

GIBIBYTE: Final = 1 << 30
HEADINGS: Final = ("node", "state", "for", "jobs", "memory free", "ComfyUI")
NOBODY: Final = "No server is present. A gateway announces those of COMFYUI_BASE_URL."


def fleet_summary(fleet: Fleet, now: datetime) -> RenderableType:
    """Pools with their servers, what nobody can do, drains, and the newest error of each server."""
    parts = [part for pool in fleet.pools for part in _pool(pool, now)]
    parts += [Text(_drain_words(drain, now)) for drain in fleet.drains]
    parts += [Text(line) for line in _errors(fleet, now)]
    return Group(*(parts or [Text(NOBODY)]))


def _pool(pool: Pool, now: datetime) -> Iterator[RenderableType]:
    yield Text(f"Pool {pool.pool}: {_count(pool.slots, 'slot')} offered, {_count(pool.busy, 'job')} at servers", "bold")
    for gateway in pool.gateways:
        yield Text(f"Gateway {gateway.gateway} {gateway.version}{', drained' if gateway.drained else ''}")
        yield table(HEADINGS, [_row(node, now) for node in gateway.nodes])
        yield from (Text(f"{node.node}: {why}") for node in gateway.nodes if (why := _why(node)))
    for step in pool.blocked:
        yield Text(f"Run {step.run_name!r} waits: {step.warning}")


def _row(node: FleetNode, now: datetime) -> tuple[object, ...]:
    age = duration(max(0.0, (now - node.since).total_seconds())) if node.since else "-"
    state = f"{node.state}, drained" if node.drained and node.state != "draining" else node.state
    return (node.node, state, age, _jobs(node), _memory(node), node.version or "-")


def _jobs(node: FleetNode) -> str:
    """Those at the server by id, then how many more there are."""
    posted = [short(job.job_id) for job in node.current_jobs if job.phase == "posted"]
    others = len(node.current_jobs) - len(posted)
    return " ".join([*posted, *([f"+{others}"] if others else [])]) or "-"


def _memory(node: FleetNode) -> str:
    """Of each device; the machine's where there is none."""
    pairs = [(device.memory_free, device.memory_total) for device in node.devices if device.memory_total]
    pairs = pairs or [(node.memory_free, node.memory_total)]
    return ", ".join(f"{free / GIBIBYTE:.1f}/{total / GIBIBYTE:.1f} GiB" for free, total in pairs if total) or "-"


def _why(node: FleetNode) -> str:
    """Why it does not work; the idle reason where it could."""
    if node.state in ("ready", "busy"):
        return node.idle.words if node.idle else ""
    idle = node.idle.words if node.idle and node.idle.words != node.reason else ""
    return "; ".join(words for words in (node.reason, idle) if words)


def _drain_words(drain: Drain, now: datetime) -> str:
    where = f"{drain.gateway}/{drain.node}" if drain.node else drain.gateway
    reason = f": {drain.reason}" if drain.reason else ""
    return f"Drained: {where} by {drain.actor or 'somebody'}, {_ago(drain.since, now)}{reason}"


def _errors(fleet: Fleet, now: datetime) -> Iterator[str]:
    for pool in fleet.pools:
        for gateway in pool.gateways:
            for node in gateway.nodes:
                for error in node.last_errors[:1]:
                    job = f" (job {short(error.job_id)})" if error.job_id else ""
                    more = f", {len(node.last_errors)} kept" if len(node.last_errors) > 1 else ""
                    words = f"{error.failure_class}: {error.message}{job}"
                    yield f"Last error of {node.node}, {_ago(error.time, now)}{more}: {words}"


def _ago(moment: datetime, now: datetime) -> str:
    return f"{duration(max(0.0, (now - moment).total_seconds()))} ago"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
