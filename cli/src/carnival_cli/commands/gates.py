"""`carnival run gates`, `approve`, `winner` and `leaders`: what people decide about a run's images as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_candidate, find_run, find_step
from carnival_cli.api.views.run import Gate
from carnival_cli.commands.arguments import OneStep, WantedRun, WantedStep
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.exits import CommandFailed, Exit
from carnival_cli.output import SCREEN, print_json, say, table

K = Annotated[
    int | None, typer.Option("--k", "-k", min=1, help="How many of the best; default: what the hub suggests.")
]


@command
async def gates(
    run: WantedRun,
    k: K = None,
    step: OneStep = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show who would advance at each gate of a gated run, before anything is approved. With --step: image by image."""
    async with connected(api_address(api, data)) as client:
        found = await find_run(client, run)
        shown = await client.runs.gates(found.run_id, k)
        if step:
            order = find_step(found, step).order
            shown = [gate for gate in shown if gate.step_order == order]
    if as_json:
        print_json(shown)
        return
    rows = [
        (gate.step_order, gate.name, gate.live, gate.k, gate.advancing, gate.few_votes, _stands(gate)) for gate in shown
    ]
    SCREEN.print(table(("step", "name", "live", "K", "advance", "few votes", ""), rows))
    if step:
        for gate in shown:
            _show_column(gate)


@command
async def approve(
    run: WantedRun,
    step: WantedStep,
    k: K = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Let the K best images of a step be parents; later votes and kills change which ones. This cannot be undone."""
    async with connected(api_address(api, data)) as client:
        found = await find_run(client, run)
        column = find_step(found, step)
        suggested = _gate_of(column.order, await client.runs.gates(found.run_id))
        written = await client.runs.approve(found.run_id, column.order, k or (suggested.k if suggested else 1))
        gate = _gate_of(column.order, await client.runs.gates(found.run_id, at_least=written.position))
    if as_json:
        print_json({"changed": written.changed, "position": written.position, "gate": gate})
        return
    advance = f": {gate.advancing} of {gate.live} images advance" if gate else ""
    say(f"Step {column.name!r} of {found.name!r} is approved{advance}.")


@command
async def leaders(run: WantedRun, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show the three best finals of a run."""
    async with connected(api_address(api, data)) as client:
        found = await find_run(client, run)
        best = await client.runs.leaders(found.run_id)
    if as_json:
        print_json(best)
        return
    rows = [
        (place, one.candidate_id, one.rating, one.votes, "winner" if one.candidate_id == found.winner_id else "")
        for place, one in enumerate(best, 1)
    ]
    SCREEN.print(table(("", "candidate", "rating", "votes", ""), rows))


@command
async def winner(
    run: WantedRun,
    candidate: Annotated[str | None, typer.Argument(metavar="[CANDIDATE]", help="The image to mark.")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove the mark.")] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show the winner of a run, mark another one, or remove the mark."""
    if candidate and clear:
        raise CommandFailed("Give an image to mark, or --clear.", Exit.USAGE)
    async with connected(api_address(api, data)) as client:
        found = await find_run(client, run)
        changed = False
        if candidate or clear:
            calls, run_id = client.runs, found.run_id
            chosen = await find_candidate(client, candidate) if candidate else None
            written = await (calls.choose_winner(run_id, chosen) if chosen else calls.clear_winner(run_id))
            found, changed = await client.runs.one(found.run_id, at_least=written.position), written.changed
    if as_json:
        print_json({"changed": changed, "winner_id": found.winner_id})
        return
    say(f"The winner of {found.name!r} is {found.winner_id or 'not chosen yet'}.")


def _gate_of(step: int, gates: Sequence[Gate]) -> Gate | None:
    """None for the last step: nothing comes behind it."""
    return next((gate for gate in gates if gate.step_order == step), None)


def _stands(gate: Gate) -> str:
    if gate.approved_k is not None:
        return "approved"
    return "waits" if gate.waiting else ""


def _show_column(gate: Gate) -> None:
    rows = [
        (
            one.candidate_id,
            one.rating,
            one.votes,
            "advances" if one.advances else "",
            "few votes" if one.few_votes else "",
        )
        for one in gate.candidates
    ]
    SCREEN.print(table(("candidate", "rating", "votes", "", ""), rows))
