"""`carnival stats`: throughput, latency, cost and failures, of one run or of all."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.api.views.monitoring import Analytics, StepFigures, Totals
from carnival_cli.commands.arguments import AnyRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, print_json, say, table

HOURS_SHOWN: Final = 24
HOURS_MAX: Final = 31 * 24
STEP_HEADS: Final = (
    "step",
    "name",
    "live",
    "went on",
    "images",
    "an hour",
    "failed",
    "waits s",
    "takes s",
    "slowest s",
    "ratings",
)


@command
async def stats(
    wanted: AnyRun = None,
    hours: Annotated[int, typer.Option(min=1, max=HOURS_MAX, help="How many hours back.")] = 24,
    gpu_hour_cost: Annotated[float | None, typer.Option(min=0, help="What an hour of one GPU costs.")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show images, seconds, cost and failures: step by step, by server, by hour."""
    async with connected(api_address(api, data)) as client:
        run_id = (await find_run(client, wanted)).run_id if wanted else None
        found = await client.monitoring.analytics(run_id, hours=hours, gpu_hour_cost=gpu_hour_cost)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: Analytics) -> None:
    say(_sentence(found.totals))
    if found.steps:
        rows = [_row(step) for step in found.steps]
        SCREEN.print(table(STEP_HEADS, rows))
    servers = [
        (one.node, one.pool, one.images, one.failed, one.gpu_seconds, one.rendering_median, one.rendering_p95)
        for one in found.servers
    ]
    if servers:
        SCREEN.print(table(("server", "pool", "images", "failed", "GPU s", "takes s", "slowest s"), servers))
    failures = [(one.failure_class, one.code, one.count, one.gpu_seconds) for one in found.failures]
    if failures:
        SCREEN.print(table(("failure", "code", "jobs", "GPU s"), failures))
    voters = [
        (one.voter, one.votes, _percent(one.agreement), _percent(one.left_share), one.milliseconds_median)
        for one in found.voters
    ]
    if voters:
        SCREEN.print(table(("voter", "votes", "agrees", "left", "takes ms"), voters))
    if found.agreement.share is not None:
        say(f"Of {found.agreement.pairs} pairs judged by several, {found.agreement.share:.0%} of verdicts agree.")
    hours = [
        (f"{one.hour.astimezone():%d %b %H:00}", one.images, one.failed, one.gpu_seconds, one.votes)
        for one in found.hours[-HOURS_SHOWN:]
        if one.images or one.failed or one.votes
    ]
    if hours:
        SCREEN.print(table(("hour", "images", "failed", "GPU s", "votes"), hours))


def _sentence(totals: Totals) -> str:
    parts = [
        f"{totals.images} images, {totals.finals} live finals, {totals.votes} votes",
        f"{totals.gpu_seconds:.0f} GPU seconds",
    ]
    if totals.gpu_seconds_per_final is not None:
        parts.append(f"{totals.gpu_seconds_per_final:.1f} GPU seconds a final")
    if totals.cost is not None:
        parts.append(f"cost {totals.cost:.2f}")
    if totals.cost_per_final is not None:
        parts.append(f"{totals.cost_per_final:.2f} a final")
    return "; ".join(parts) + "."


def _row(step: StepFigures) -> tuple[object, ...]:
    speed = (step.images, step.images_per_hour, step.failed, step.waiting_median, step.rendering_median)
    spread = step.ratings
    ratings = f"{spread.lowest} .. {spread.median:.0f} .. {spread.highest}" if spread else None
    return (step.order, step.name, step.live, _percent(step.conversion), *speed, step.rendering_p95, ratings)


def _percent(part: float | None) -> str | None:
    return None if part is None else f"{part:.0%}"
