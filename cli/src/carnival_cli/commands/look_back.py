"""`carnival run at`"""

from __future__ import annotations

from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.commands.arguments import WantedRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import SCREEN, print_json, say
from carnival_cli.run_display import job_bars, run_summary
from carnival_cli.tree_display import SHOWN, drawn

AtPosition = Annotated[int | None, typer.Option("--position", min=0, help="A position of the log.")]
AtTime = Annotated[
    str | None,
    typer.Option("--time", help="A time with its zone, such as 2026-03-01T20:15:00Z."),
]


@command
async def look_back(
    wanted: WantedRun,
    position: AtPosition = None,
    time: AtTime = None,
    tree: Annotated[bool, typer.Option("--tree", help="Also print its tree.")] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show a run as it was at a position of the log or at a time: figures, tree, ratings, open jobs."""
    one_moment(position, time)
    async with connected(api_address(api, data)) as client:
        found = await client.replay.run_at((await find_run(client, wanted)).run_id, position=position, time=time)
    if as_json:
        print_json(found)
        return
    say(f"As it was at position {found.position}, {found.time or 'an event that cannot be read'}:")
    SCREEN.print(run_summary(found))
    if found.jobs:
        SCREEN.print(job_bars(found, found.jobs))
    if tree:
        SCREEN.print(drawn(found, found.tree, SHOWN))


def one_moment(position: int | None, time: str | None) -> None:
    """Raises CommandFailed unless exactly one of them is given."""
    if (position is None) == (time is None):
        raise CommandFailed("Name a moment: either --position or --time.", Exit.USAGE)
