"""`carnival sign-in`: a link that signs a browser in."""

from __future__ import annotations

from carnival_cli.api.connecting import Address, connected
from carnival_cli.api.errors import ApiRefused
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command, running_state
from carnival_cli.output import print_json, say


@command
async def sign_in(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Print a link that signs a browser in as you, once, within ten minutes."""
    address, state = api_address(api, data), running_state(data)
    elsewhere = state.elsewhere_url if state and state.api_url == address.url else None
    async with connected(address) as client:
        link = await client.access.sign_in_link()
    url = _opened_from(link.url, address, elsewhere)
    if as_json:
        print_json(link.model_copy(update={"url": url}))
    else:
        say(url)


async def sign_in_link(address: Address, elsewhere: str | None = None) -> str | None:
    """Such a link, for `elsewhere` if other machines reach the hub there; None where nobody needs one, because
    authentication is off."""
    try:
        async with connected(address) as client:
            return _opened_from((await client.access.sign_in_link()).url, address, elsewhere)
    except ApiRefused as refusal:
        if refusal.kind == "sign-in-needs-token":
            return None
        raise


def _opened_from(link: str, address: Address, elsewhere: str | None) -> str:
    """The hub names itself as it was asked; who reaches it from elsewhere, reaches it from here as well."""
    return link.replace(address.url, elsewhere or address.url, 1)
