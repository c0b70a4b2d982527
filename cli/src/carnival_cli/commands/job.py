"""`carnival job …`"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.commands.arguments import NextPage, WantedRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.commands.why import JobsRun, numbered_job
from carnival_cli.output import SCREEN, notice, print_json, say, table

app = typer.Typer(no_args_is_help=True, help="Look at jobs: what was requested, and what became of it.")

PAGE = 50


class State(StrEnum):
    PENDING = "pending"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"


@app.command("list")
@command
async def list_jobs(
    run: WantedRun,
    state: Annotated[State | None, typer.Option(help="Only jobs in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Jobs per page.")] = PAGE,
    cursor: NextPage = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """List the jobs of a run, newest first, in pages."""
    async with connected(api_address(api, data)) as client:
        page = await client.runs.jobs((await find_run(client, run)).run_id, state=state, limit=limit, cursor=cursor)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one.number,
            one.step_order,
            one.state,
            one.node,
            one.attempt,
            one.gpu_seconds,
            one.candidate_id or one.message or one.cancel_reason or "",
        )
        for one in page.items
    ]
    SCREEN.print(table(("number", "step", "state", "node", "attempt", "GPU s", "image, or why none"), rows))
    if page.next:
        notice(f"There are more: --cursor {page.next}")


@app.command("show")
@command
async def show(
    job: Annotated[str, typer.Argument(metavar="JOB", help="Id of the job; with --run, its number.")],
    run: JobsRun = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show one job. `carnival why` says why it was asked for."""
    async with connected(api_address(api, data)) as client:
        identity = (await client.monitoring.decision(await numbered_job(client, run, job))).job_id if run else job
        found = await client.monitoring.job(identity)
    if as_json:
        print_json(found)
        return
    at = f" at {found.node}" if found.node else ""
    say(f"Job {found.number} ({found.job_id}): {found.state}{at}, attempt {found.attempt}, step {found.step_order}")
    say(f"{found.gpu_seconds:.1f} s on the GPU; parent {found.parent_id or '-'}; image {found.candidate_id or '-'}")
    if found.failure_class:
        say(f"{found.failure_class}: {found.message or found.failure_code or '-'}")
    if found.cancel_reason:
        say(f"Cancelled: {found.cancel_reason}")
    if found.progress:
        say(f"{found.progress.percent} % {found.progress.node}")
