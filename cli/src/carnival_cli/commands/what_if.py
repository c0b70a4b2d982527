"""`carnival what-if`"""

from __future__ import annotations

from typing import Annotated, Final

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.api.views.past import WhatIf
from carnival_cli.bodies import given
from carnival_cli.commands.arguments import WantedRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.commands.policy import Policy, Raffle, raffle_of, system_of
from carnival_cli.output import SCREEN, print_json, say, table

SHOWN: Final = 20


@command
async def what_if(
    wanted: WantedRun,
    n: Annotated[int | None, typer.Option("--n", min=1, help="Child limit N; default: as it was.")] = None,
    t: Annotated[int | None, typer.Option("--t", min=0, help="Target of finals T; default: as it was.")] = None,
    system: Annotated[str | None, typer.Option("--system", help="Rating system; default: as it was.")] = None,
    policy: Policy = None,
    raffle: Raffle = None,
    position: Annotated[
        int | None, typer.Option("--position", min=0, help="Only the history up to this position.")
    ] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Decide a run's history again with other settings: jobs left out, finals moved, rendering saved."""
    body = given(n=n, t=t, position=position, policy=policy, raffle=raffle_of(raffle), rating=system_of(system))
    async with connected(api_address(api, data)) as client:
        found = await client.replay.what_if((await find_run(client, wanted)).run_id, body)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: WhatIf) -> None:
    say(
        f"Of {found.decisions} jobs {found.left_out_total} would not have been asked for;"
        f" {found.gpu_seconds_saved:.1f} s of {found.gpu_seconds:.1f} s of rendering saved."
    )
    for extra in found.extra:
        say(f"{extra.jobs} more would have been asked for in step {extra.step_order}.")
    if found.drawn_otherwise:
        say(f"{found.drawn_otherwise} raffles would have had another winner.")
    say(
        f"Finals: {found.finals_after} instead of {found.finals_before};"
        f" {found.moves_total} with another place or rating."
    )
    if found.moves:
        rows = [
            (move.candidate_id, move.place_before, move.place_after, move.rating_before, move.rating_after)
            for move in found.moves[:SHOWN]
        ]
        SCREEN.print(table(("final", "place", "would be", "rating", "would be"), rows))
    for job in found.left_out[:SHOWN]:
        say(f"Left out: job {job.number} of step {job.step_order}, {job.reason.replace('_', ' ')}.")
    if found.left_out_total > SHOWN:
        say(f"... and {found.left_out_total - SHOWN} more")
