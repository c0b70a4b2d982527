"""`carnival rebuild`"""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

import typer

from carnival_cli.commands.edge import DEFAULT_DATA, AsJson, Data, command, required_state
from carnival_cli.folding_display import show_folding
from carnival_cli.output import print_json, say
from carnival_cli.projector_program import digest, drop_previous

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
    async with asyncio.timeout(timeout):
        last = await show_folding(state, "rebuild")
        now = await digest(state)
    if as_json:
        print_json({"position": last.get("position"), "digest": now})
    else:
        say(f"The read model is rebuilt up to position {last.get('position')}.")
