"""`carnival export events`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.commands.arguments import OneRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.downloading import STDOUT, download
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import notice, print_json


@command
async def events(
    target: Annotated[Path, typer.Argument(help="A file; - is standard output.", allow_dash=True)] = Path(
        "events.jsonl"
    ),
    run: OneRun = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="Of this type only, as VoteCast. Repeatable.")
    ] = None,
    after: Annotated[int | None, typer.Option(min=0, help="Only those behind this position.")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Save the log, or one run of it, as JSON Lines: an event a line, up to the end that it has now."""
    if as_json and target == STDOUT:
        raise CommandFailed("Standard output takes the events or the report, not both: leave out --json.", Exit.USAGE)
    counted = {"events": 0, "bytes": 0}

    def took(piece: bytes) -> None:
        counted["events"] += piece.count(b"\n")
        counted["bytes"] += len(piece)

    async with connected(api_address(api, data)) as client:
        run_id = (await find_run(client, run)).run_id if run else None
        await download(client.exports.events(run_id=run_id, type=types, after=after), target, took)
    if as_json:
        print_json({"path": str(target), **counted})
    else:
        notice(f"{target}: {counted['events']} events, {counted['bytes']} bytes")
