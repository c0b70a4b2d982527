"""`carnival run matrix`"""

from __future__ import annotations

from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_pipeline
from carnival_cli.api.views.run import Matrix
from carnival_cli.bodies import given
from carnival_cli.commands.arguments import WantedPipeline
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, print_json, say, table
from carnival_cli.run_display import short
from carnival_cli.variables import parse_axes, parse_variables, texts_of


@command
async def start_matrix(
    pipeline: WantedPipeline,
    axis: Annotated[
        list[str], typer.Option("--axis", help="name=value,value,… or name=[JSON list]. Repeatable: all combinations.")
    ],
    name: Annotated[str | None, typer.Option(help="The beginning of each run's name.")] = None,
    prompt: Annotated[str | None, typer.Option(help="What the images show.")] = None,
    variable: Annotated[list[str] | None, typer.Option("--var", help="name=value, for all runs. Repeatable.")] = None,
    n: Annotated[int | None, typer.Option("--n", min=1, help="Child limit N.")] = None,
    t: Annotated[int | None, typer.Option("--t", min=0, help="Target of finals T.")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Start a run for every combination of some variables' values, up to 100: all of them or none."""
    body = given(name=name, prompt=prompt, n=n, t=t)
    async with connected(api_address(api, data)) as client:
        found = await client.pipelines.one((await find_pipeline(client, pipeline)).pipeline_id)
        texts = texts_of(found)
        body |= {"variables": parse_variables(variable or [], texts), "matrix": parse_axes(axis, texts)}
        written = await client.runs.start_matrix(body | {"pipeline_id": found.pipeline_id})
        matrix = await client.runs.matrix(written.matrix_id, at_least=written.position)
    if as_json:
        print_json(matrix)
    else:
        _show(matrix)


def _show(matrix: Matrix) -> None:
    runs = [(run, run.cell.values) for run in matrix.runs if run.cell]
    names = list(runs[0][1]) if runs else []
    rows = [(short(run.run_id), run.name, *(values.get(name) for name in names)) for run, values in runs]
    SCREEN.print(table(("id", "run", *names), rows))
    say(f"{len(rows)} runs are started, as matrix {matrix.matrix_id}.")
