"""`carnival run changes`: the stream of a run's changes, a line each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.commands.arguments import WantedRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import print_json, say


@command
async def changes(
    wanted: WantedRun,
    after: Annotated[
        int | None, typer.Option(min=0, help="Start after this position; without it, only new changes.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="Only this type, such as VoteCast. Repeatable.")
    ] = None,
    progress: Annotated[bool, typer.Option("--progress", help="Also show the progress of jobs.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="End after this many changes.")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Print each change of a run as it happens: position and type, until Ctrl-C.

    None is missed and none comes twice, even if the hub is away for a while; another call continues with --after.
    """
    async with connected(api_address(api, data)) as client:
        run = await find_run(client, wanted)
        start = after if after is not None else (await client.monitoring.status()).log_position
        told = 0
        notices = ["progress"] if progress else None
        async for change in client.log.follow(start, run.run_id, kind, notices):
            if as_json:
                print_json(change)
            else:
                say(_line(change))
            told += 1
            if told == limit:
                return


def _line(told: Mapping[str, Any]) -> str:
    if "notice" not in told:
        return f"{told['position']:>8}  {told['type']}"
    steps = f" {told['step']}/{told['steps']}" if told["steps"] else ""
    return f"{told['percent']:>6} %  {told['node']}{steps} (job {told['job_id']})"
