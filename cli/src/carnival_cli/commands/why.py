"""`carnival why`: the decision record of a job or an image."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.errors import ApiRefused
from carnival_cli.api.lookup import find_candidate, find_run
from carnival_cli.api.views.decision import Decision
from carnival_cli.commands.completion import complete_run
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import SCREEN, print_json, say, table

COMPETITORS_SHOWN: Final = 15
NOT_FOUND: Final = 404


JobsRun = Annotated[
    str | None,
    typer.Option("--run", metavar="RUN", help="The run whose job number this is.", autocompletion=complete_run),
]


@command
async def why(
    what: Annotated[
        str, typer.Argument(help="An image's id or its beginning, a job's id, or with --run the number of a job.")
    ],
    run: JobsRun = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show why a job was asked for: competitors, tickets, draw, and what would have changed it."""
    async with connected(api_address(api, data)) as client:
        decision = await _found(client, what, run)
    if as_json:
        print_json(decision)
    else:
        show_decision(decision)


async def numbered_job(client: CarnivalApi, run: str, number: str) -> str:
    """The path of the job of this number. Raises CommandFailed."""
    if not number.isdecimal():
        raise CommandFailed("With --run the job is named by its number.", Exit.USAGE)
    return f"/api/runs/{(await find_run(client, run)).run_id}/jobs/{int(number)}"


def show_decision(decision: Decision) -> None:
    """A decision record on the screen."""
    parent = f" of {decision.parent_id}" if decision.parent_id else ""
    say(f"Job {decision.number} ({decision.state}): {decision.step_name}{parent}")
    for reason in decision.reasons:
        say(f"  {reason.rule:7} {reason.says}")
    if decision.draw is not None and decision.competitors_total > 1:
        _show_raffle(decision)
    say("Another choice would have come of:")
    for change in decision.would_change:
        say(f"  {change}")


async def _found(client: CarnivalApi, what: str, run: str | None) -> Decision:
    """Raises CommandFailed for what is neither a job nor an image."""
    if run is not None:
        return await client.monitoring.decision(await numbered_job(client, run, what))
    try:
        return await client.monitoring.decision(f"/api/candidates/{await find_candidate(client, what)}")
    except ApiRefused as error:
        if error.status != NOT_FOUND:
            raise
        return await client.monitoring.decision(f"/api/jobs/{what}")


def _show_raffle(decision: Decision) -> None:
    ranked = sorted(decision.competitors, key=lambda one: (not one.won, abs(one.missed_by)))[:COMPETITORS_SHOWN]
    rows = [
        ("->" if one.won else "", one.candidate_id, one.tickets, f"{one.share:.1%}", f"{one.first}..{one.last}")
        for one in ranked
    ]
    SCREEN.print(table(("", "candidate", "tickets", "chance", "numbers"), rows))
    if decision.competitors_total > len(rows):
        say(f"... and {decision.competitors_total - len(rows)} more")
    numbers = decision.tickets_total or decision.competitors_total
    say(f"Drawn: {decision.draw} of 0..{numbers - 1}")
