"""`carnival next` and `carnival status`."""

from __future__ import annotations

from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, print_json, say, table


@command
async def show_next(
    run: Annotated[str | None, typer.Option(help="Of this run only.")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show which image would be made next, and why. Reserves nothing."""
    async with connected(api_address(api, data)) as client:
        run_id = (await find_run(client, run)).run_id if run else None
        decision = await client.next_decision(run_id)
    if as_json:
        print_json(decision)
        return
    for name, value in decision.items():
        if value not in (None, [], {}):
            say(f"{name.replace('_', ' ')}: {value}")


@command
async def show_status(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show jobs by state, the log's position, how far the read model is, and the nodes."""
    async with connected(api_address(api, data)) as client:
        status = await client.status()
    if as_json:
        print_json(status)
        return
    jobs = ", ".join(f"{count} {state}" for state, count in status.jobs.items() if count) or "none"
    say(f"Jobs: {jobs}")
    say(f"Log: {status.log_position} events; the read model is {status.lag} behind.")
    say(f"Void events: {status.void_events}; parked events: {status.parked_events}.")
    rows = [
        (node.get("node"), node.get("pool"), node.get("state"), node.get("slots"), node.get("version"))
        for node in status.nodes
    ]
    if rows:
        SCREEN.print(table(("node", "pool", "state", "slots", "ComfyUI"), rows))
    else:
        say("No node offers to render.")
