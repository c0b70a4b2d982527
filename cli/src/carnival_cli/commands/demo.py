"""`carnival demo`"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.live import Live

from carnival_cli.api.connecting import Address, connected
from carnival_cli.api.views.run import Run
from carnival_cli.comfyui import ComfyUnreachable
from carnival_cli.commands.edge import DEFAULT_DATA, AsJson, command
from carnival_cli.demo.judge import VOTER
from carnival_cli.demo.story import Outcome, Story
from carnival_cli.example import RUN_NAME, Variant
from carnival_cli.exits import CommandFailed, Interrupted
from carnival_cli.output import NOTICES, SCREEN, notice, plain, print_json, say
from carnival_cli.run_display import run_summary
from carnival_cli.up.credentials import read_operator_token
from carnival_cli.up.layout import Layout

if TYPE_CHECKING:
    from carnival_cli.up.supervisor import Supervisor

DEADLINE_SECONDS: Final = 150.0
STUB_SECONDS: Final = 0.15


@command
async def demo(
    t: Annotated[int, typer.Option("--t", min=1, max=200, help="Finished images to make.")] = 10,
    run_name: Annotated[str, typer.Option(help="Name of the run.")] = RUN_NAME,
    keep: Annotated[bool, typer.Option("--keep", help="Keep everything running afterwards, until Ctrl-C.")] = False,
    deadline: Annotated[float, typer.Option(min=10, help="Give up after this many seconds, with exit code 5.")] = (
        DEADLINE_SECONDS
    ),
    data: Annotated[Path | None, typer.Option(help="Data folder; default: .carnival/demo-<time>.")] = None,
    as_json: AsJson = False,
) -> None:
    """Start everything, make finished images while steering by votes and a kill, check the result, show what happened.

    Exit code 1 when the result is not as it must be.
    """
    # Here, because the drivers behind it take longer to import than most commands take to run.
    from carnival_cli.up.running import carnival_running

    began = time.monotonic()
    layout = Layout.of(data or DEFAULT_DATA / f"demo-{datetime.now():%Y%m%d-%H%M%S}")  # noqa: DTZ005 - a folder's name
    report = notice if as_json else say
    clock = asyncio.timeout(deadline)
    async with clock, carnival_running(layout, api_port=None, report=report, stub_seconds=STUB_SECONDS) as running:
        supervisor, ended = running
        report(f"Carnival is ready: {supervisor.plan.api_url} (after {time.monotonic() - began:.1f} s)")
        outcome = await _told_until_ended(supervisor, ended, run_name, t)
        _print(outcome, layout, time.monotonic() - began, as_json=as_json)
        if keep and not outcome.problems:
            clock.reschedule(None)
            report(f"Everything keeps running at {supervisor.plan.api_url}; Ctrl-C ends it.")
            await ended.wait()
    if outcome.problems:
        raise CommandFailed("The demo's result is not as it must be: " + "; ".join(outcome.problems[:5]) + ".")


async def _told_until_ended(supervisor: Supervisor, ended: asyncio.Event, run_name: str, finals: int) -> Outcome:
    """The whole story. Raises Interrupted when the end is asked for meanwhile."""
    telling = asyncio.create_task(_told(supervisor, run_name, finals))
    ending = asyncio.create_task(ended.wait())
    try:
        await asyncio.wait({telling, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not telling.done():
            raise Interrupted
        return telling.result()
    finally:
        for task in (telling, ending):
            task.cancel()
        await asyncio.gather(telling, ending, return_exceptions=True)


async def _told(supervisor: Supervisor, run_name: str, finals: int) -> Outcome:
    try:
        token = read_operator_token(supervisor.plan.layout)
        async with connected(Address(supervisor.plan.api_url, token, VOTER, supervisor.plan.api_certificate)) as api:
            with Live(console=NOTICES, auto_refresh=False, transient=True) as screen:
                story = Story(api, supervisor.state(), _shown_on(screen))
                return await story.tell(run_name, finals)
    except ComfyUnreachable as error:
        raise CommandFailed(str(error)) from error


def _shown_on(screen: Live) -> Callable[[Run], None]:
    """The run's funnel, renewed in place; where nobody looks at a terminal, a line for each new final."""
    seen = 0

    def show(run: Run) -> None:
        nonlocal seen
        if NOTICES.is_terminal:
            screen.update(run_summary(run), refresh=True)
        elif run.finals > seen:
            notice(f"{run.finals} of {run.t} finals, {run.images} images, {run.votes} votes")
        seen = max(seen, run.finals)

    return show


def _print(outcome: Outcome, layout: Layout, seconds: float, *, as_json: bool) -> None:
    run = outcome.run
    if as_json:
        print_json(
            {
                "ok": not outcome.problems,
                "problems": list(outcome.problems),
                "run": plain(run),
                "variant": outcome.variant,
                "votes_by_demo": outcome.votes,
                "killed": outcome.killed,
                "files": outcome.files,
                "folder": outcome.folder,
                "data": str(layout.data),
                "making_seconds": round(outcome.making_seconds, 2),
                "checking_seconds": round(outcome.checking_seconds, 2),
                "seconds": round(seconds, 2),
            }
        )
        return
    SCREEN.print(run_summary(run))
    if outcome.variant is Variant.MODEL_FREE:
        say("The ComfyUI server has no checkpoint, so the example used image filters only.")
    say(f"{outcome.votes} votes were cast, and image {outcome.killed} was killed with its branch.")
    rate = run.images / outcome.making_seconds * 60
    say(f"{run.images} images in {outcome.making_seconds:.1f} s ({rate:.0f} a minute), everything in {seconds:.1f} s.")
    if outcome.problems:
        return
    say(f"{run.finals} images are finished. Every parent, all {outcome.files} files and a rebuild from the log fit.")
    say(f"Images: {outcome.folder}")
    say(f"To look further: carnival up --data {_shown(layout.data)}")


def _shown(folder: Path) -> str:
    """Relative to here where that is shorter to type."""
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
