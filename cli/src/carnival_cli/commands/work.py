"""`carnival work`: rebuilds and rescorings under way."""

from __future__ import annotations

from carnival_cli.api.connecting import connected
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, print_json, say, table
from carnival_cli.run_display import duration


@command
async def work(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show the progress of rebuilds and rescorings, their rate, and the time left."""
    async with connected(api_address(api, data)) as client:
        found = await client.monitoring.work()
    if as_json:
        print_json(found)
        return
    rows = [
        (
            one.kind,
            one.id,
            one.phase,
            f"{one.done} of {one.total}",
            one.per_second,
            None if one.seconds_left is None else duration(one.seconds_left),
        )
        for one in found
    ]
    if rows:
        SCREEN.print(table(("work", "id", "phase", "done", "a second", "left"), rows))
    else:
        say("Nothing is rebuilt or rescored now.")
