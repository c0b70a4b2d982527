"""`carnival run fork`"""

from __future__ import annotations

from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.bodies import given
from carnival_cli.commands.arguments import WantedRun
from carnival_cli.commands.change_run import Deadline, MaxGpuSeconds, MaxImages, ceilings
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.commands.look_back import AtPosition, AtTime, one_moment
from carnival_cli.commands.policy import Policy, Raffle, raffle_of, system_of
from carnival_cli.output import print_json, say
from carnival_cli.variables import parse_variables, texts_of


@command
async def fork(
    wanted: WantedRun,
    position: AtPosition = None,
    time: AtTime = None,
    name: Annotated[str | None, typer.Option(help="Default: the run's name and the position.")] = None,
    prompt: Annotated[str | None, typer.Option(help="What the new images show; default: as then.")] = None,
    variable: Annotated[
        list[str] | None,
        typer.Option("--var", help="name=value; replaces all variables. Default: as then. Repeatable."),
    ] = None,
    n: Annotated[int | None, typer.Option("--n", min=1, help="Child limit N; default: as then.")] = None,
    t: Annotated[int | None, typer.Option("--t", min=0, help="Target of finals T; default: as then.")] = None,
    folder: Annotated[str | None, typer.Option(help="Folder of the new images; default: date and name.")] = None,
    profile: Annotated[str | None, typer.Option(help="autonomous or gated; default: as then.")] = None,
    max_images: MaxImages = None,
    max_gpu_seconds: MaxGpuSeconds = None,
    deadline: Deadline = None,
    system: Annotated[str | None, typer.Option("--system", help="Rating system; default: as then.")] = None,
    policy: Policy = None,
    raffle: Raffle = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Start a new run from a moment of another one: its images, shared, and the votes on them."""
    one_moment(position, time)
    body = given(position=position, time=time, name=name, prompt=prompt, n=n, t=t, folder=folder, profile=profile)
    body |= given(policy=policy, raffle=raffle_of(raffle), rating=system_of(system))
    body |= given(ceilings=ceilings(max_images, max_gpu_seconds, deadline) or None)
    async with connected(api_address(api, data)) as client:
        source = await find_run(client, wanted)
        if variable:
            texts = texts_of(await client.pipelines.one(source.pipeline_id))
            body["variables"] = parse_variables(variable, texts)
        written = await client.replay.fork(source.run_id, body)
        run = await client.runs.one(written.id, at_least=written.position)
    if as_json:
        print_json(run)
    else:
        images = run.live + run.rejected + run.dead
        say(f"Run {run.name!r} ({run.run_id}) begins with {images} images, {run.live} of them live.")
