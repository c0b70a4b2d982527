"""`carnival webhook …`"""

from __future__ import annotations

from typing import Annotated

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import begun, find_run
from carnival_cli.api.views.webhook import Webhook
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.exits import CommandFailed
from carnival_cli.output import SCREEN, notice, print_json, say, table
from carnival_cli.run_display import short

app = typer.Typer(no_args_is_help=True, help="Send events to an address, signed (for operators).")

Wanted = Annotated[str, typer.Argument(help="Id of the webhook, or the beginning of it.")]


@app.command("create")
@command
async def create(
    url: Annotated[str, typer.Argument(help="Where events are sent, by POST.")],
    kind: Annotated[list[str] | None, typer.Option("--type", help="Only events of this type. Repeatable.")] = None,
    run: Annotated[list[str] | None, typer.Option(help="Only events of this run. Repeatable.")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Have events sent from now on. The secret for checking signatures is shown only once."""
    async with connected(api_address(api, data)) as client:
        run_ids = [(await find_run(client, wanted)).run_id for wanted in run or ()]
        created = await client.webhooks.create({"url": url, "types": kind or [], "run_ids": run_ids})
    if as_json:
        print_json(created)
        return
    notice(f"Webhook {created.id}. Its secret is shown only once:")
    say(created.secret or "")


@app.command("list")
@command
async def list_webhooks(api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """List webhooks, newest first."""
    async with connected(api_address(api, data)) as client:
        webhooks = await client.webhooks.all()
    if as_json:
        print_json(webhooks)
        return
    rows = [
        (
            short(one.webhook_id),
            one.url,
            ", ".join(one.types) or "all",
            str(len(one.run_ids) or "all"),
            _backlog(one),
            str(one.dead_letters),
        )
        for one in webhooks
    ]
    SCREEN.print(table(("id", "address", "types", "runs", "waiting", "given up"), rows))


def _backlog(webhook: Webhook) -> str:
    waiting = "?" if webhook.backlog is None else str(webhook.backlog)
    return f"{waiting}, trying again" if webhook.retrying else waiting


@app.command("delete")
@command
async def delete(wanted: Wanted, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Stop sending events there."""
    async with connected(api_address(api, data)) as client:
        webhook_id = await _chosen(client, wanted)
        written = await client.webhooks.delete(webhook_id)
    if as_json:
        print_json(written)
    else:
        say(f"Webhook {short(webhook_id)} is deleted.")


@app.command("test")
@command
async def test(wanted: Wanted, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Send a test message now; exit code 1 if the receiver does not accept it."""
    async with connected(api_address(api, data)) as client:
        tried = await client.webhooks.test(await _chosen(client, wanted))
    if as_json:
        print_json(tried)
    if not tried.delivered:
        raise CommandFailed(f"The message was not taken: {tried.reason}")
    if not as_json:
        say("The receiver took the message.")


@app.command("failures")
@command
async def failures(wanted: Wanted, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """List messages that were given up after the last try, newest first."""
    async with connected(api_address(api, data)) as client:
        letters = await client.webhooks.dead_letters(await _chosen(client, wanted))
    if as_json:
        print_json(letters)
        return
    rows = [(str(one.position), str(one.tries), f"{one.given_up_at:%F %T}", one.reason) for one in letters]
    SCREEN.print(table(("position", "tries", "given up", "reason"), rows))


@app.command("redeliver")
@command
async def redeliver(
    wanted: Wanted,
    position: Annotated[int, typer.Argument(min=1, help="Log position, as `carnival webhook failures` shows it.")],
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Send a message that was given up once more."""
    async with connected(api_address(api, data)) as client:
        written = await client.webhooks.redeliver(await _chosen(client, wanted), position)
    if as_json:
        print_json(written)
    else:
        say(f"The receiver took the message about position {position}.")


async def _chosen(client: CarnivalApi, wanted: str) -> str:
    return begun("webhook", wanted, await client.webhooks.all(), lambda webhook: webhook.webhook_id).webhook_id
