"""`carnival me`: who this command line is to the hub."""

from __future__ import annotations

from carnival_cli.api.connecting import connected
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import print_json, say


@command
async def me(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show in whose name and in which role you act."""
    async with connected(api_address(api, data)) as client:
        found = await client.access.me()
    if as_json:
        print_json(found)
        return
    ends = f", until {found.expires_at.astimezone():%Y-%m-%d %H:%M}" if found.expires_at else ""
    say(f"{found.name}, {found.role}{ends}")
