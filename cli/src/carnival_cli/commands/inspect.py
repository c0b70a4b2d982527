"""`carnival pipeline inspect`"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.views.workflow import WorkflowInspection
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import SCREEN, print_json, say, table
from carnival_cli.pipeline_file import pipeline_skeleton

SHOWN_MAX = 40


@command
async def inspect(
    file: Annotated[Path, typer.Argument(help="Workflow that ComfyUI exported in API format.")],
    write: Annotated[
        Path | None, typer.Option("--write", help="Write a pipeline file with one step, for `pipeline apply`.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Bind all inputs that were found, not only the recommended ones.")
    ] = False,
    first_step: Annotated[
        bool, typer.Option("--first", help="Treat it as a first step, without a parent's image.")
    ] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show which inputs of a workflow are worth binding to placeholders, and what is wrong with it."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{file} cannot be read: {error}.", Exit.USAGE) from error
    async with connected(api_address(api, data)) as client:
        found = await client.pipelines.inspect(
            {"workflow": text, "accept": "all" if every else "recommended", "first_step": first_step}
        )
    if write:
        _write(write, json.dumps(pipeline_skeleton(file.stem, found), indent=2, ensure_ascii=False) + "\n")
    if as_json:
        print_json(found)
    else:
        _show(found, every=every)
        if write:
            say(f"{write} is written; `carnival pipeline apply {write}` defines the pipeline.")


def _write(file: Path, content: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(content)
    except FileExistsError as error:
        raise CommandFailed(f"{file} is there already; name another file.", Exit.USAGE) from error
    except OSError as error:
        raise CommandFailed(f"{file} cannot be written: {error.strerror}.", Exit.USAGE) from error


def _show(found: WorkflowInspection, *, every: bool) -> None:
    rows = [
        (
            "*" if every or one.recommended else "",
            one.kind,
            one.node,
            one.title,
            one.input,
            _shortened(one.value),
            f"{{{{{one.placeholder}}}}}",
        )
        for one in found.bindings
    ]
    if rows:
        SCREEN.print(table(("", "kind", "node", "title", "input", "value now", "placeholder"), rows))
        say("* becomes a placeholder." + (f" {found.left_out} more are not shown." if found.left_out else ""))
    else:
        say("No input is worth binding that is not bound yet.")
    for flaw in found.flaws:
        say(f"Problem: {flaw.message}")
    asked = [one.name for one in found.placeholders if one.filled_by == "run"]
    if asked:
        say(f"A run brings: {', '.join(asked)}")
    for one in found.placeholders:
        if one.resembles:
            say(f"Note: {{{{{one.name}}}}} is filled by no one but the run; was {{{{{one.resembles}}}}} meant?")


def _shortened(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 3]}..."
