"""`carnival votes …`: votes that were cast."""

from __future__ import annotations

from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.commands.arguments import AnyRun, NextPage
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, counted, notice, print_json, say, table
from carnival_cli.run_display import short

app = typer.Typer(no_args_is_help=True, help="Look at votes and take them back.")

PAGE = 50


@app.command("list")
@command
async def list_votes(
    run: AnyRun = None,
    voter: Annotated[str | None, typer.Option(help="Only this voter's votes.")] = None,
    candidate: Annotated[str | None, typer.Option(help="Only votes that this image took part in.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="Votes per page.")] = PAGE,
    cursor: NextPage = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """List votes, newest first, in pages; also those that were taken back."""
    async with connected(api_address(api, data)) as client:
        run_id = (await find_run(client, run)).run_id if run else None
        page = await client.votes.page(run_id=run_id, voter=voter, candidate_id=candidate, limit=limit, cursor=cursor)
    if as_json:
        print_json(page)
        return
    rows = [
        (
            one.vote_id,
            f"{one.cast_at.astimezone():%m-%d %H:%M}",
            one.voter,
            one.step_order,
            short(one.left_id),
            short(one.right_id),
            one.outcome,
            "taken back" if one.retracted else "",
        )
        for one in page.items
    ]
    SCREEN.print(table(("vote", "cast", "voter", "step", "left", "right", "outcome", ""), rows))
    if page.next:
        notice(f"There are more: --cursor {page.next}")


@app.command("retract")
@command
async def retract(
    votes: Annotated[list[str], typer.Argument(metavar="VOTE...", help="Ids of the votes.")],
    voter: Annotated[str | None, typer.Option(help="The voter; only operators may name somebody else.")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Take back votes of yours: ratings become what they are without them. If one is unknown or not yours, none."""
    async with connected(api_address(api, data)) as client:
        written = await client.votes.retract_many(votes, voter)
    if as_json:
        print_json(written)
    else:
        say(f"{counted(written.changed, 'vote')} taken back{_rest(len(written.items) - written.changed)}.")


def _rest(unchanged: int) -> str:
    return f"; {unchanged} had been already" if unchanged else ""
