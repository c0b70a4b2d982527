"""A run on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Final

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from carnival_cli.api.views.run import Job, Run
from carnival_cli.output import table

BAR_WIDTH: Final = 30


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
    if run.seconds_left:
        lines.append(Text(f"About {duration(run.seconds_left)} left."))
    lines += [
        Text(f"Step {column.order} is paused: {column.pause_reason}") for column in run.steps if column.pause_reason
    ]
    if run.halted_by:
        lines.append(Text(f"No new jobs: {', '.join(str(reason) for reason in run.halted_by)}"))
    return Group(*lines)


def job_bars(run: Run, jobs: Sequence[Job]) -> RenderableType:
    """A bar for each job at a server, the oldest first; nothing without jobs."""
    names = {column.order: column.name for column in run.steps}
    built = Table.grid(padding=(0, 2))
    for job in sorted(jobs, key=lambda job: job.number):
        percent = job.progress.percent if job.progress else 0
        built.add_row(
            Text(f"job {job.number}"),
            Text(names.get(job.step_order, str(job.step_order))),
            ProgressBar(total=100, completed=percent, width=BAR_WIDTH),
            Text(f"{percent} %", justify="right") if job.progress else Text("waits"),
            Text(_doing(job)),
        )
    return built


def duration(seconds: float) -> str:
    """Whole seconds below a minute, whole minutes below an hour, else hours and minutes; always rounded up."""
    if seconds <= 59:
        return f"{ceil(seconds)} s"
    minutes = ceil(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


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


def _doing(job: Job) -> str:
    """What its server is at: the node of the workflow and the sampler's step."""
    if job.progress is None:
        return f"at {job.node}" if job.node else ""
    steps = f" {job.progress.step}/{job.progress.steps}" if job.progress.steps else ""
    return f"{job.progress.node}{steps}"


def _remark(paused: bool) -> str:
    return "paused" if paused else ""
