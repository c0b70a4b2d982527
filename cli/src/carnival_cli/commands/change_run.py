"""`carnival run change`, and the ceilings of a run as options."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.bodies import given
from carnival_cli.commands.arguments import WantedRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.commands.policy import Policy, Raffle, raffle_of
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.moments import zoned
from carnival_cli.output import SCREEN, print_json
from carnival_cli.run_display import run_summary

MaxImages = Annotated[
    int | None, typer.Option("--max-images", min=1, help="Ceiling: no new jobs once there are this many images.")
]
MaxGpuSeconds = Annotated[
    float | None, typer.Option("--max-gpu-seconds", min=0, help="Ceiling: no new jobs after this many GPU seconds.")
]
Deadline = Annotated[datetime | None, typer.Option("--deadline", help="Ceiling: no new jobs after this moment.")]


@command
async def change(
    wanted: WantedRun,
    name: Annotated[str | None, typer.Option(help="New name.")] = None,
    n: Annotated[int | None, typer.Option("--n", min=1, help="Child limit N.")] = None,
    t: Annotated[int | None, typer.Option("--t", min=0, help="Target of finals T.")] = None,
    max_images: MaxImages = None,
    max_gpu_seconds: MaxGpuSeconds = None,
    deadline: Deadline = None,
    policy: Policy = None,
    raffle: Raffle = None,
    no_ceilings: Annotated[bool, typer.Option("--no-ceilings", help="Lift all ceilings.")] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Change settings of a run; they apply to the very next job. Giving any ceiling replaces all of them."""
    body: dict[str, Any] = {"name": name, "n": n, "t": t, "policy": policy, "raffle": raffle_of(raffle)}
    limits = ceilings(max_images, max_gpu_seconds, deadline)
    if limits and no_ceilings:
        raise CommandFailed("Give ceilings or --no-ceilings.", Exit.USAGE)
    body["ceilings"] = limits or ({} if no_ceilings else None)
    async with connected(api_address(api, data)) as client:
        written = await client.runs.change((await find_run(client, wanted)).run_id, body)
        run = await client.runs.one(written.id, at_least=written.position)
    if as_json:
        print_json({"changed": written.changed, "run": run})
    else:
        SCREEN.print(run_summary(run))


def ceilings(images: int | None, gpu_seconds: float | None, deadline: datetime | None) -> dict[str, Any]:
    """Those given, in the API's words; a deadline is in this machine's zone unless it names its own."""
    return given(images=images, gpu_seconds=gpu_seconds, deadline=zoned(deadline))
