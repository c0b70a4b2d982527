"""`carnival run …`"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from carnival_cli.api.connecting import Address, connected
from carnival_cli.api.lookup import find_pipeline, find_run, find_step
from carnival_cli.bodies import given
from carnival_cli.commands.arguments import OneStep, WantedPipeline, WantedRun
from carnival_cli.commands.change_run import Deadline, MaxGpuSeconds, MaxImages, ceilings, change
from carnival_cli.commands.changes import changes
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.commands.fork import fork
from carnival_cli.commands.gates import approve, gates, leaders, winner
from carnival_cli.commands.look_back import look_back
from carnival_cli.commands.matrix import start_matrix
from carnival_cli.commands.policy import Policy, Raffle, raffle_of
from carnival_cli.commands.watch import watch
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import SCREEN, print_json, say
from carnival_cli.run_display import run_summary, runs_table, status_of
from carnival_cli.variables import parse_variables, texts_of

app = typer.Typer(no_args_is_help=True, help="Start, watch and govern runs.")
for governed in (watch, change, changes, gates, approve, leaders, winner):
    app.command()(governed)
app.command("at")(look_back)
app.command("fork")(fork)
app.command("matrix")(start_matrix)


@app.command("create")
@command
async def create(
    pipeline: WantedPipeline,
    version: Annotated[int | None, typer.Option(min=1, help="An older version of it.")] = None,
    name: Annotated[str | None, typer.Option(help="Default: the pipeline's name and the time.")] = None,
    prompt: Annotated[str | None, typer.Option(help="What the images show.")] = None,
    variable: Annotated[
        list[str] | None, typer.Option("--var", help="name=value; JSON values keep their type. Repeatable.")
    ] = None,
    n: Annotated[int | None, typer.Option("--n", min=1, help="Child limit N.")] = None,
    t: Annotated[int | None, typer.Option("--t", min=0, help="Target of finals T.")] = None,
    folder: Annotated[str | None, typer.Option(help="Folder below the image root; default: date and name.")] = None,
    gated: Annotated[bool, typer.Option("--gated", help="Wait for an approval at every step.")] = False,
    policy: Policy = None,
    raffle: Raffle = None,
    max_images: MaxImages = None,
    max_gpu_seconds: MaxGpuSeconds = None,
    deadline: Deadline = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Start a run of a pipeline."""
    body = given(name=name, prompt=prompt, n=n, t=t, folder=folder, pipeline_version=version)
    body |= given(policy=policy, raffle=raffle_of(raffle))
    body |= given(ceilings=ceilings(max_images, max_gpu_seconds, deadline) or None)
    body |= {"profile": "gated" if gated else "autonomous"}
    async with connected(api_address(api, data)) as client:
        found = await client.pipelines.one((await find_pipeline(client, pipeline)).pipeline_id)
        body |= {"variables": parse_variables(variable or [], texts_of(found)), "pipeline_id": found.pipeline_id}
        written = await client.runs.start(body)
        run = await client.runs.one(written.id, at_least=written.position)
    if as_json:
        print_json(run)
    else:
        say(f"Run {run.name!r} ({run.run_id}) is started; its images go to {run.folder}.")


@app.command("list")
@command
async def list_runs(
    status: Annotated[
        str | None, typer.Option(help="Only runs with this status: pending, running, completed or failed.")
    ] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """List all runs, newest first."""
    async with connected(api_address(api, data)) as client:
        found = await client.runs.all(status)
    if as_json:
        print_json(found)
    else:
        SCREEN.print(runs_table(found))


@app.command("show")
@command
async def show(wanted: WantedRun, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show one run and what lives in each of its steps."""
    async with connected(api_address(api, data)) as client:
        run = await client.runs.one((await find_run(client, wanted)).run_id)
    if as_json:
        print_json(run)
        return
    SCREEN.print(run_summary(run))
    say(f"Folder {run.folder}, prompt: {run.prompt or '-'}")


@app.command("pause")
@command
async def pause(
    wanted: WantedRun,
    reason: Annotated[str, typer.Option(help="The reason, shown on the run.")] = "",
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Pause a run: no new jobs until it is resumed; rendering jobs may finish."""
    await _govern(wanted, "pause", {"reason": reason}, api_address(api, data), as_json=as_json)


@app.command("resume")
@command
async def resume(
    wanted: WantedRun,
    step: OneStep = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Let a paused run go on, or with --step one step of it that failures paused."""
    await _govern(wanted, "resume", None, api_address(api, data), step=step, as_json=as_json)


@app.command("complete")
@command
async def complete(wanted: WantedRun, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """End a run for good; jobs under way are still registered."""
    await _govern(wanted, "complete", None, api_address(api, data), as_json=as_json)


@app.command("discard-images")
@command
async def discard_images(
    wanted: WantedRun, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """Drop the originals of all rejected and dead images of a run, for good; thumbnails and facts stay."""
    async with connected(api_address(api, data)) as client:
        run = await find_run(client, wanted)
        discards = (await client.runs.discard_images(run.run_id)).result
        while discards and discards.remaining:
            discards = (await client.runs.discard_images(run.run_id)).result
    if discards is None:
        raise CommandFailed("The projector is behind: some originals are discarded. Say it again.", Exit.PROBLEM)
    if as_json:
        print_json(discards)
    else:
        size = discards.discarded_bytes / 1e6
        say(f"Run {run.name!r}: {discards.discarded_images} originals are discarded ({size:.1f} MB); thumbnails stay.")


async def _govern(
    wanted: str, action: str, body: dict[str, Any] | None, address: Address, *, step: str | None = None, as_json: bool
) -> None:
    async with connected(address) as client:
        found = await find_run(client, wanted)
        whole = action if step is None else f"steps/{find_step(found, step).order}/{action}"
        written = await client.runs.govern(found.run_id, whole, body)
        run = await client.runs.one(written.id, at_least=written.position)
    if as_json:
        print_json({"changed": written.changed, "run": run})
    else:
        say(f"Run {run.name!r} is {status_of(run)}{'' if written.changed else ' already'}.")
