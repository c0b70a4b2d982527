"""`carnival sign-in`: a link that signs a browser in."""

from __future__ import annotations

from carnival_cli.api.connecting import Address, connected
from carnival_cli.api.errors import ApiRefused
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import print_json, say


@command
async def sign_in(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Print a link that signs a browser in as you, once, within ten minutes."""
    async with connected(api_address(api, data)) as client:
        link = await client.access.sign_in_link()
    if as_json:
        print_json(link)
    else:
        say(link.url)


async def sign_in_link(address: Address) -> str | None:
    """Such a link; None where nobody needs one, because authentication is off."""
    try:
        async with connected(address) as client:
            return (await client.access.sign_in_link()).url
    except ApiRefused as refusal:
        if refusal.kind == "sign-in-needs-token":
            return None
        raise
