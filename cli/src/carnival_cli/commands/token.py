"""`carnival token …`"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import begun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.moments import in_days
from carnival_cli.output import SCREEN, notice, print_json, say, table
from carnival_cli.run_display import short

app = typer.Typer(no_args_is_help=True, help="Issue, list and revoke bearer tokens (for operators).")


class Role(StrEnum):
    VIEWER = "viewer"
    VOTER = "voter"
    CURATOR = "curator"
    OPERATOR = "operator"


@app.command("create")
@command
async def create(
    name: Annotated[str, typer.Argument(help="Who acts with it: the voter of its votes.")],
    role: Annotated[Role, typer.Option(help="What it may do; each role includes those before it.")],
    days: Annotated[float | None, typer.Option(min=0, help="Days until it expires. [default: never]")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Issue a token. It is shown only once; the hub keeps a hash of it."""
    async with connected(api_address(api, data)) as client:
        issued = await client.access.issue_token({"name": name, "role": role.value, "expires_at": in_days(days)})
    if as_json:
        print_json(issued)
        return
    notice(f"Token {issued.id} for {name}, {role.value}. It is shown only once:")
    say(issued.token or "")


@app.command("list")
@command
async def list_tokens(
    everything: Annotated[bool, typer.Option("--all", help="Include those that are revoked or expired.")] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """List tokens, newest first."""
    async with connected(api_address(api, data)) as client:
        tokens = [token for token in await client.access.tokens() if everything or token.state == "active"]
    if as_json:
        print_json(tokens)
        return
    rows = [
        (short(token.token_id), token.name, token.role, token.state, _day(token.issued_at), _day(token.expires_at))
        for token in tokens
    ]
    SCREEN.print(table(("id", "name", "role", "state", "issued", "expires"), rows))


@app.command("revoke")
@command
async def revoke(
    wanted: Annotated[str, typer.Argument(help="Id of the token, or the beginning of it.")],
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Revoke a token: within a second it stops working, and so do browsers that signed in with it."""
    async with connected(api_address(api, data)) as client:
        token = begun("token", wanted, await client.access.tokens(), lambda token: token.token_id)
        written = await client.access.revoke_token(token.token_id)
    if as_json:
        print_json(written)
    else:
        say(f"Token {short(token.token_id)} of {token.name} is revoked{'' if written.changed else ' already'}.")


def _day(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d") if moment else "-"
