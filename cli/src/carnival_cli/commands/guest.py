"""`carnival guest …`"""

from __future__ import annotations

from typing import Annotated

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import Address, connected
from carnival_cli.api.lookup import begun, find_run
from carnival_cli.commands.arguments import WantedRun
from carnival_cli.commands.completion import complete_run
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.moments import in_days
from carnival_cli.output import SCREEN, notice, print_json, say, table
from carnival_cli.run_display import short

app = typer.Typer(no_args_is_help=True, help="Guests: people without a token who vote blindly on one run.")

Guest = Annotated[str | None, typer.Option("--guest", help="Only this guest's votes.")]
Link = Annotated[str | None, typer.Option("--link", help="Only votes of this link's guests, given by its id.")]


@app.command("invite")
@command
async def invite(
    run: WantedRun,
    days: Annotated[float, typer.Option(min=0, help="Days until the link expires.")] = 7,
    label: Annotated[str, typer.Option(help="Who the link is for.")] = "",
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Make a link: whoever opens it votes blindly on the run. It is shown only once."""
    async with connected(api_address(api, data)) as client:
        run_id = (await find_run(client, run)).run_id
        issued = await client.guests.invite({"run_id": run_id, "label": label, "expires_at": in_days(days)})
    if as_json:
        print_json(issued)
        return
    notice(f"Guest link {issued.id}, for {days:g} days. It is shown only once:")
    say(issued.url or "")


@app.command("list")
@command
async def list_guests(
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN]", help="List the guests of this run; without it, all links.", autocompletion=complete_run
        ),
    ] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """List guest links, or the guests of a run."""
    async with connected(api_address(api, data)) as client:
        if run is None:
            links = await client.guests.links()
            if as_json:
                print_json(links)
                return
            rows = [
                (short(one.link_id), short(one.run_id), one.label, one.state, f"{one.expires_at:%F}") for one in links
            ]
            SCREEN.print(table(("id", "run", "label", "state", "expires"), rows))
            return
        found = await client.guests.of_run((await find_run(client, run)).run_id)
    if as_json:
        print_json(found)
        return
    figures = [(one.voter, short(one.guest_link), str(one.votes), str(one.merged)) for one in found.guests]
    SCREEN.print(table(("guest", "link", "votes", "merged"), figures))


@app.command("merge")
@command
async def merge(
    run: WantedRun,
    guest: Guest = None,
    link: Link = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Let guests' votes count for ratings, each at its own place in the log. Without an option: those of all guests."""
    await _set_apart(api_address(api, data), run, guest, link, apart=False, as_json=as_json)


@app.command("separate")
@command
async def separate(
    run: WantedRun,
    guest: Guest = None,
    link: Link = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Keep merged votes apart again."""
    await _set_apart(api_address(api, data), run, guest, link, apart=True, as_json=as_json)


@app.command("revoke")
@command
async def revoke(
    wanted: Annotated[str, typer.Argument(help="Id of the link, or the beginning of it.")],
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Revoke a link: within a second its guests are locked out. Their votes stay as they are."""
    async with connected(api_address(api, data)) as client:
        link_id = await _link(client, wanted)
        written = await client.guests.revoke(link_id)
    if as_json:
        print_json(written)
    else:
        say(f"Guest link {short(link_id)} is revoked{'' if written.changed else ' already'}.")


async def _set_apart(
    address: Address, run: str, guest: str | None, link: str | None, *, apart: bool, as_json: bool
) -> None:
    """Whether the votes of a run's guests are kept apart or count."""
    async with connected(address) as client:
        run_id = (await find_run(client, run)).run_id
        whose = {"guest": guest, "link_id": await _link(client, link) if link else None}
        written = await (client.guests.separate if apart else client.guests.merge)(run_id, whose)
    if as_json:
        print_json(written)
    elif written.changed:
        say("The votes are kept apart." if apart else "The votes count from now on.")
    else:
        say(f"There was nothing to {'separate' if apart else 'merge'}.")


async def _link(client: CarnivalApi, wanted: str) -> str:
    return begun("guest link", wanted, await client.guests.links(), lambda link: link.link_id).link_id
