"""`carnival pipeline …`"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_pipeline
from carnival_cli.api.views.pipeline import Pipeline, Variable
from carnival_cli.comfyui import ComfyUnreachable
from carnival_cli.commands.arguments import WantedPipeline
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command, running_state
from carnival_cli.commands.inspect import inspect
from carnival_cli.commands.setup_example import set_up_example
from carnival_cli.example import PIPELINE_NAME, RUN_NAME, example_run
from carnival_cli.exits import CommandFailed
from carnival_cli.output import SCREEN, print_json, say, table
from carnival_cli.pipeline_file import read_pipeline, same_definition
from carnival_cli.run_display import short

app = typer.Typer(no_args_is_help=True, help="Define and look at pipelines.")
app.command("inspect")(inspect)


@app.command("setup-example")
@command
async def setup_example(
    model_free: Annotated[
        bool, typer.Option("--model-free", help="Use image filters only: works on a ComfyUI without any model.")
    ] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Create the pipeline "Portrait" and the run "Gym Shoot". What already exists is kept."""
    state = running_state(data)
    comfyui = state.comfyui_base_url if state and not api else os.environ.get("COMFYUI_BASE_URL", "").strip() or None
    async with connected(api_address(api, data)) as client:
        try:
            example = await set_up_example(client, comfyui, model_free=model_free)
        except ComfyUnreachable as error:
            raise CommandFailed(f"{error}. Give --model-free to set up without asking it.") from error
        runs = [run for run in await client.runs.all() if run.pipeline_id == example.pipeline_id]
        mine = [run for run in runs if run.name == RUN_NAME]
        run_id = mine[0].run_id if mine else (await client.runs.start(example_run(example.pipeline_id))).id
    if as_json:
        print_json(
            {
                "pipeline_id": example.pipeline_id,
                "run_id": run_id,
                "variant": example.variant,
                "pipeline_changed": example.changed,
                "run_created": not mine,
            }
        )
        return
    say(
        f"Pipeline {PIPELINE_NAME!r} ({example.pipeline_id}) {'is set up' if example.changed else 'was there already'}."
    )
    say(f"Run {RUN_NAME!r} ({run_id}) {'was there already' if mine else 'is started'}.")


@app.command("apply")
@command
async def apply(
    file: Annotated[Path, typer.Argument(help="JSON file with name, description and steps.")],
    new: Annotated[
        bool, typer.Option("--new", help="Create another pipeline, even if one of that name exists.")
    ] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Define the pipeline in FILE: a new one, or the next version of the one with its name, if anything differs."""
    body = read_pipeline(file)
    async with connected(api_address(api, data)) as client:
        named = [one for one in await client.pipelines.all() if one.name == body.get("name")]
        known = None if new or not named else named[0]
        pipeline_id, changed = known.pipeline_id if known else "", False
        if known is None or not same_definition(body, await client.pipelines.one(known.pipeline_id)):
            pipeline_id, changed = (await client.pipelines.define(body, pipeline_id or None)).id, True
        result = await client.pipelines.one(pipeline_id)
    if as_json:
        print_json({"changed": changed, "pipeline": result})
        return
    say(f"Pipeline {result.name!r} ({pipeline_id}) {'is now' if changed else 'stays at'} version {result.version}.")
    for warning in result.warnings:
        say(f"Note: {warning}")


@app.command("list")
@command
async def list_pipelines(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """List all pipelines, newest first."""
    async with connected(api_address(api, data)) as client:
        found = await client.pipelines.all()
    if as_json:
        print_json(found)
        return
    rows = [(short(one.pipeline_id), one.name, one.version, " > ".join(one.steps), one.runs) for one in found]
    SCREEN.print(table(("id", "name", "version", "steps", "runs"), rows))


@app.command("show")
@command
async def show(
    wanted: WantedPipeline,
    version: Annotated[int | None, typer.Option(help="An older version.", min=1)] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show one pipeline with its steps."""
    async with connected(api_address(api, data)) as client:
        found = await client.pipelines.one((await find_pipeline(client, wanted)).pipeline_id, version)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(pipeline: Pipeline) -> None:
    say(f"{pipeline.name}, version {pipeline.version} ({pipeline.pipeline_id})")
    if pipeline.description:
        say(pipeline.description)
    rows = [
        (
            step.order,
            step.name,
            ", ".join(_needs(step.needs_prompt, step.needs_parent, step.needs_variables)) or "-",
            step.child_cap,
            step.pool,
            " ".join(step.placeholders),
        )
        for step in pipeline.steps
    ]
    SCREEN.print(table(("step", "name", "needs", "child cap", "pool", "placeholders"), rows))
    if pipeline.form:
        rows = [
            (one.name, _kind(one), one.default, "yes" if one.required else "", one.description) for one in pipeline.form
        ]
        SCREEN.print(table(("a run brings", "type", "default", "required", ""), rows))
    for warning in pipeline.warnings:
        say(f"Note: {warning}")


@app.command("readiness")
@command
async def readiness(
    wanted: WantedPipeline,
    version: Annotated[int | None, typer.Option(min=1, help="An older version of it.")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show whether the servers present can do each step, and what they lack."""
    async with connected(api_address(api, data)) as client:
        pipeline_id = (await find_pipeline(client, wanted)).pipeline_id
        steps = await client.pipelines.readiness(pipeline_id, version)
    if as_json:
        print_json(steps)
        return
    rows = [(one.order, one.name, one.pool, one.readiness.replace("_", " "), one.servers) for one in steps]
    SCREEN.print(table(("step", "name", "pool", "ready", "servers"), rows))
    for one in steps:
        if one.warning:
            say(one.warning)


def _kind(variable: Variable) -> str:
    if not variable.declared:
        return "any"
    bounds = [f"{bound:g}" if bound is not None else "" for bound in (variable.minimum, variable.maximum)]
    return (
        f"{variable.type} {'..'.join(bounds)}"
        if any(bounds)
        else " | ".join(map(str, variable.choices)) or variable.type
    )


def _needs(prompt: bool, parent: bool, variables: bool) -> list[str]:
    return [name for name, needed in (("prompt", prompt), ("parent", parent), ("variables", variables)) if needed]
