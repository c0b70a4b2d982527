"""`carnival candidate …`"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text
from rich.tree import Tree

from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_candidate
from carnival_cli.api.views.candidate import Branch, Candidate, Lineage
from carnival_cli.api.views.page import BatchWritten
from carnival_cli.commands.arguments import WantedCandidate, WantedCandidates
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.commands.why import show_decision
from carnival_cli.output import SCREEN, counted, print_json, say

app = typer.Typer(no_args_is_help=True, help="Look at images, kill and restore them.")


@app.command("show")
@command
async def show(candidate: WantedCandidate, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show one image: rating, origin, file, and what a kill would take with it."""
    async with connected(api_address(api, data)) as client:
        wanted = await find_candidate(client, candidate)
        found, branch = await client.candidates.one(wanted), await client.candidates.branch(wanted)
        run = await client.runs.one(found.run_id)
    if as_json:
        print_json({"candidate": found, "branch": branch})
        return
    step = next((column.name for column in run.steps if column.order == found.step_order), str(found.step_order))
    say(f"{step} of {run.name!r} ({found.candidate_id}): {_state(found)}")
    say(f"Rating {found.rating} after {counted(found.votes, 'vote')}; made by job {found.job_number}")
    made = f"{found.created_at.astimezone():%Y-%m-%d %H:%M:%S}"
    say(f"Seed {found.seed}, {found.gpu_seconds:.1f} s on {found.node}, made {made}")
    kept = "original discarded" if found.discarded else f"{found.size_bytes} bytes"
    say(f"{found.width} x {found.height}, {kept}: {found.place}")
    if found.parent_id:
        say(f"Made from {found.parent_id}")
    say(_toll(branch))


@app.command("lineage")
@command
async def lineage(
    candidate: WantedCandidate, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """Show an image's ancestors, starting from the base image, and its children."""
    async with connected(api_address(api, data)) as client:
        found = await client.candidates.lineage(await find_candidate(client, candidate))
    if as_json:
        print_json(found)
        return
    SCREEN.print(_drawn(found))
    say(f"{counted(found.descendants_live, 'live image')} below it.")


@app.command("reject")
@command
async def reject(
    candidates: WantedCandidates,
    note: Annotated[str, typer.Option(help="The reason, recorded with each of them.")] = "",
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Kill images: their branches stop growing. If one is unknown, none is killed."""
    async with connected(api_address(api, data)) as client:
        written = await client.candidates.reject_many([await find_candidate(client, one) for one in candidates], note)
    _tell(written, "rejected", as_json=as_json)


@app.command("restore")
@command
async def restore(
    candidates: WantedCandidates, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """Take rejections back: the images, and what was dead only because of them, are live again. All or none."""
    async with connected(api_address(api, data)) as client:
        written = await client.candidates.restore_many([await find_candidate(client, one) for one in candidates])
    _tell(written, "restored", as_json=as_json)


@app.command("why")
@command
async def why(candidate: WantedCandidate, api: Api = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Show why an image was made: competitors, tickets, draw, and what would have changed it."""
    async with connected(api_address(api, data)) as client:
        decision = await client.monitoring.decision(f"/api/candidates/{await find_candidate(client, candidate)}")
    if as_json:
        print_json(decision)
    else:
        show_decision(decision)


def _tell(written: BatchWritten, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json(written)
        return
    say(f"{counted(written.changed, 'image')} {done}.")
    for item in written.items:
        if not item.changed:
            say(f"  {item.id}: {item.void or 'was so already'}")


def _state(one: Candidate) -> str:
    why = one.reject_note or one.reject_reason
    return f"{one.state} ({why})" if why else one.state


def _toll(branch: Branch) -> str:
    """What hangs on it, itself included."""
    if not branch.live and not branch.open_jobs:
        return "Nothing lives in its branch."
    live, jobs = counted(branch.live, "live image"), counted(branch.open_jobs, "open job")
    return f"A kill would take {live} and {jobs}, itself included."


def _drawn(found: Lineage) -> Tree:
    """Each ancestor below its parent, the image itself in bold, its children below it."""
    root = place = Tree(_label(found.path[0], bold=len(found.path) == 1))
    for one in found.path[1:]:
        place = place.add(_label(one, bold=one is found.path[-1]))
    for child in found.children:
        place.add(_label(child))
    return root


def _label(one: Candidate, *, bold: bool = False) -> Text:
    return Text(f"step {one.step_order}  {one.rating}  {_state(one)}  {one.candidate_id}", style="bold" if bold else "")
