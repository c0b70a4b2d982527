"""`carnival rebuild`"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Annotated, Any, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from carnival_cli.commands.edge import DEFAULT_DATA, AsJson, Data, command, required_state
from carnival_cli.output import NOTICES, print_json, say
from carnival_cli.projector_program import digest, drop_previous, projector_lines

REBUILD_SECONDS: Final = 3600.0


@command
async def rebuild(
    drop: Annotated[
        bool,
        typer.Option("--drop-previous", help="Rebuild nothing; drop the rows that the last rebuild replaced."),
    ] = False,
    timeout: Annotated[
        float, typer.Option(min=1, help="Give up after this many seconds, with exit code 5.")
    ] = REBUILD_SECONDS,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Fold the whole log into a fresh read model beside the live one, then swap. Everything keeps running meanwhile."""
    state = required_state(data)
    if drop:
        await drop_previous(state)
        if as_json:
            print_json({"dropped": True})
        else:
            say("The rows that the last rebuild replaced are gone.")
        return
    last: dict[str, Any] = {}
    async with asyncio.timeout(timeout), aclosing(projector_lines(state, "rebuild")) as lines:
        with _progress() as progress:
            task = progress.add_task("rebuild", total=None, rate="-")
            async for line in lines:
                last = line
                progress.update(
                    task,
                    description=str(line.get("phase", "rebuild")),
                    completed=line.get("position"),
                    total=line.get("end"),
                    rate=_rate(line),
                )
        now = await digest(state)
    if as_json:
        print_json({"position": last.get("position"), "digest": now})
    else:
        say(f"The read model is rebuilt up to position {last.get('position')}.")


def _rate(line: dict[str, Any]) -> str:
    seconds = float(line.get("seconds") or 0)
    return f"{int(line.get('position') or 0) / seconds:,.0f}" if seconds else "-"


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} events/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=NOTICES)
