"""A run on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from carnival_cli.api.views import Run
from carnival_cli.output import table


def run_summary(run: Run) -> RenderableType:
    """A run's funnel: what lives in each step, and why it stands still if it does."""
    rows = [
        (column.order, column.name, column.live, column.rejected, column.dead, column.open_jobs, _remark(column.paused))
        for column in run.steps
    ]
    head = (
        f"{run.name} ({run.run_id})  {status_of(run)}\n"
        f"{run.finals} of {run.t} finals, {run.images} images, {run.votes} votes,"
        f" {run.open_jobs} open jobs, {run.gpu_seconds:.1f} s on the GPU, N = {run.n}"
    )
    funnel = table(("step", "name", "live", "rejected", "dead", "open jobs", ""), rows)
    lines: list[RenderableType] = [Text(head), funnel]
    if run.halted_by:
        lines.append(Text(f"No new jobs: {', '.join(str(reason) for reason in run.halted_by)}"))
    return Group(*lines)


def runs_table(runs: Sequence[Run]) -> RenderableType:
    rows = [
        (
            short(run.run_id),
            run.name,
            run.pipeline_name,
            status_of(run),
            f"{run.finals}/{run.t}",
            run.images,
            run.open_jobs,
            run.votes,
        )
        for run in runs
    ]
    return table(("id", "name", "pipeline", "status", "finals", "images", "open jobs", "votes"), rows)


def status_of(run: Run) -> str:
    return f"{run.status}, paused" if run.paused else run.status


def short(identity: str) -> str:
    """Enough of an id to type it."""
    return identity[:12]


def _remark(paused: bool) -> str:
    return "paused" if paused else ""
