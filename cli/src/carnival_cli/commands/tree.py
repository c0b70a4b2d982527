"""`carnival tree`: what grew from what."""

from __future__ import annotations

from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run, find_step
from carnival_cli.commands.arguments import WantedRun
from carnival_cli.commands.completion import complete_step
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, counted, notice, print_json
from carnival_cli.tree_display import SHOWN, chosen, drawn


@command
async def tree(
    run: WantedRun,
    step: Annotated[
        str | None,
        typer.Option(
            metavar="STEP",
            help="Only branches that reach this step: its order or its name.",
            autocompletion=complete_step,
        ),
    ] = None,
    depth: Annotated[
        int | None, typer.Option(min=1, help="How many levels to show, counting base images as the first.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Include rejected and dead images.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Most images to show on the screen.")] = SHOWN,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show a run's tree, best first: rating, votes and open jobs of each image.

    With --json: the nodes, parents before children.
    """
    async with connected(api_address(api, data)) as client:
        found = await find_run(client, run)
        order = find_step(found, step).order if step else None
        nodes = chosen(await client.runs.tree(found.run_id), step=order, depth=depth, everything=everything)
    if as_json:
        print_json(nodes)
        return
    SCREEN.print(drawn(found, nodes, limit))
    if len(nodes) > limit:
        more = counted(len(nodes) - limit, "more image")
        notice(f"{more} not shown: narrow with --step or --depth, or raise --limit.")
