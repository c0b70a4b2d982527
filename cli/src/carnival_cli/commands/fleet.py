"""`carnival fleet …`"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Final

import typer
from rich.live import Live

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.views.fleet import Drain
from carnival_cli.api.views.page import Written
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.fleet_display import fleet_summary
from carnival_cli.output import SCREEN, print_json, say, table

WATCH_SECONDS: Final = 2.0

app = typer.Typer(invoke_without_command=True, help="Show gateways and ComfyUI servers; drain them (for operators).")

Gateway = Annotated[str, typer.Argument(help="The gateway.")]
Node = Annotated[str | None, typer.Argument(help="One of its servers. [default: all of them]")]


@app.callback()
@command
async def show(
    context: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Refresh every 2 s until Ctrl-C.")] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show gateways and ComfyUI servers: state and why, jobs, memory, errors, what nobody can do; drain them."""
    if context.invoked_subcommand is not None:
        return
    async with connected(api_address(api, data)) as client:
        if watch:
            await _watch(client, as_json=as_json)
        elif as_json:
            print_json(await client.fleet.show())
        else:
            SCREEN.print(fleet_summary(await client.fleet.show(), datetime.now(UTC)))


async def _watch(client: CarnivalApi, *, as_json: bool) -> None:
    """With JSON one line a look."""
    if as_json:
        while True:
            print_json(await client.fleet.show())
            await asyncio.sleep(WATCH_SECONDS)
    with Live(console=SCREEN, auto_refresh=False) as screen:
        while True:
            screen.update(fleet_summary(await client.fleet.show(), datetime.now(UTC)), refresh=True)
            await asyncio.sleep(WATCH_SECONDS)


@app.command("choices")
@command
async def choices(
    class_type: Annotated[str, typer.Argument(help="A node class, such as CheckpointLoaderSimple.")],
    pool: Annotated[str, typer.Option(help="Of which servers.")] = "default",
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Model files, samplers and whatever else servers have for the inputs of a node class."""
    async with connected(api_address(api, data)) as client:
        found = await client.fleet.choices(class_type, pool)
    if as_json:
        print_json(found)
        return
    if not found.knowing:
        say(f"None of the {found.servers} servers in pool {pool} has the node class {class_type}.")
        return
    rows = [
        (one.input, choice.value, f"{choice.servers} of {found.servers}")
        for one in found.inputs
        for choice in one.choices
    ]
    SCREEN.print(table(("input", "value", "servers"), rows))


@app.command("drain")
@command
async def drain(
    gateway: Gateway,
    node: Node = None,
    reason: Annotated[str, typer.Option(help="The reason, shown to everybody who looks.")] = "",
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """No more jobs for a server, or for all of a gateway: what renders is finished, what is staged is given back."""
    async with connected(api_address(api, data)) as client:
        written = await client.fleet.drain(_place(gateway, node), reason)
    _report(written, "drained", as_json=as_json)


@app.command("undrain")
@command
async def undrain(
    gateway: Gateway,
    node: Node = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Jobs again; of a gateway every drain within it ends."""
    async with connected(api_address(api, data)) as client:
        written = await client.fleet.undrain(_place(gateway, node))
    _report(written, "not drained any more", as_json=as_json)


def _place(gateway: str, node: str | None) -> str:
    return f"{gateway}/{node}" if node else gateway


def _report(written: Written[Drain], words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(written)
    else:
        say(f"{written.id} is {words}{'' if written.changed else ' (it was so already)'}.")
