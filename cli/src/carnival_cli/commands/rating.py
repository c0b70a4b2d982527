"""`carnival rescore` and `carnival rating …`"""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import Address, connected
from carnival_cli.api.views.rating import Rescoring
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, print_json, progress_bar, say, table
from carnival_cli.variables import parse_variables

RESCORE_SECONDS: Final = 3600.0
LOOK_SECONDS: Final = 0.5
SHOWN: Final = 10

app = typer.Typer(no_args_is_help=True, help="Rating systems: which one is in force, and the alternatives.")

Wanted = Annotated[str, typer.Argument(help="Id of the rescoring.")]


@command
async def rescore(
    system: Annotated[str, typer.Option(help="elo, elo-annealed, weng-lin or bradley-terry.")],
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="name=value, for example k=24. Repeatable.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=1, help="Give up waiting after this many seconds, with exit code 5.")
    ] = RESCORE_SECONDS,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Rate all votes by another system, beside the ratings in force, and show what it would change."""
    body = {"system": system, "settings": parse_variables(setting or [])}
    async with asyncio.timeout(timeout), connected(api_address(api, data)) as client:
        written = await client.ratings.request(body)
        found = await _finished(client, written.id)
    if as_json:
        print_json(found)
        return
    _show(found)
    say(f"Let it rate: carnival rating promote {found.rescoring_id}")


@app.command("list")
@command
async def list_rescorings(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show the system in force and all rescorings, newest first."""
    async with connected(api_address(api, data)) as client:
        ratings, found = await client.ratings.in_force(), await client.ratings.rescorings()
    if as_json:
        print_json({"in_force": ratings, "rescorings": found})
        return
    say(f"In force: {ratings.system} {ratings.settings or ''}".rstrip())
    rows = [(one.rescoring_id, one.system, str(one.settings), _state(one), one.votes) for one in found]
    SCREEN.print(table(("rescoring", "system", "settings", "state", "votes"), rows))


@app.command("show")
@command
async def show(wanted: Wanted, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show what a rescoring would change."""
    async with connected(api_address(api, data)) as client:
        found = await client.ratings.rescoring(wanted)
    if as_json:
        print_json(found)
    else:
        _show(found)


@app.command("promote")
@command
async def promote(wanted: Wanted, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Put a rescoring in force from now on, on all pages and in the raffle."""
    await _settle(wanted, "promote", api_address(api, data), as_json=as_json)


@app.command("drop")
@command
async def drop(wanted: Wanted, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Forget a rescoring; if it is still being computed, stop."""
    await _settle(wanted, "drop", api_address(api, data), as_json=as_json)


async def _settle(wanted: str, action: str, address: Address, *, as_json: bool) -> None:
    async with connected(address) as client:
        written = await client.ratings.settle(wanted, action)
        found = await client.ratings.rescoring(wanted, at_least=written.position)
    if as_json:
        print_json({"changed": written.changed, "rescoring": found})
    else:
        say(f"{found.system} is {_state(found)}{'' if written.changed else ' already'}.")


async def _finished(client: CarnivalApi, rescoring_id: str) -> Rescoring:
    with progress_bar(transient=False) as progress:
        task = progress.add_task("rescore", total=None)
        while (found := await client.ratings.rescoring(rescoring_id)).state == "requested":
            if found.progress:
                progress.update(task, completed=found.progress.done, total=found.progress.total)
            await asyncio.sleep(LOOK_SECONDS)
    return found


def _show(found: Rescoring) -> None:
    say(f"{found.system} {found.settings or ''} is {_state(found)}, from {found.votes} votes up to {found.up_to}.")
    compared = found.comparison
    if compared is None or not compared.agreements:
        return
    kendall, spearman = _two(compared.kendall), _two(compared.spearman)
    say(f"Against the ratings in force: Kendall {kendall}, Spearman {spearman} over {compared.columns} columns.")
    rows = [
        (one.run_id, one.step_order, one.candidates, one.votes, _two(one.kendall), _two(one.spearman))
        for one in compared.agreements[:SHOWN]
    ]
    SCREEN.print(table(("run", "step", "images", "votes", "Kendall", "Spearman"), rows))
    if compared.moves:
        say(f"{compared.moves_total} images change places; these move most:")
        moves = [
            (one.candidate_id, one.place_before, one.place_after, one.rating_before, one.rating_after)
            for one in compared.moves[:SHOWN]
        ]
        SCREEN.print(table(("candidate", "place now", "then", "rating now", "then"), moves))
    say(f"Runs whose three best finals would be others: {compared.finals_total}.")


def _state(one: Rescoring) -> str:
    return "in force" if one.in_force else one.state


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
