"""`carnival run watch`: a run on the screen, renewed with every change of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Annotated, Final

import typer
from rich.console import Group
from rich.live import Live

from carnival.concurrency import is_set_within
from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.api.views.run import Run
from carnival_cli.commands.arguments import WantedRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import SCREEN, print_json
from carnival_cli.run_display import job_bars, run_summary

QUIET_SECONDS: Final = 5.0
SCREEN_SECONDS: Final = 1.0
CALM_SECONDS: Final = 0.15
JOBS_SHOWN_MAX: Final = 20


@command
async def watch(
    wanted: WantedRun,
    until_finals: Annotated[bool, typer.Option("--until-finals", help="Stop when the run has T finals.")] = False,
    timeout: Annotated[
        float | None, typer.Option(min=0, help="Give up after this many seconds, with exit code 5.")
    ] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Watch a run until it is completed (or has its finals), or until Ctrl-C. With --json: one line per change."""
    async with connected(api_address(api, data)) as client, asyncio.timeout(timeout):
        run_id = (await find_run(client, wanted)).run_id
        with Live(console=SCREEN, auto_refresh=False) if not as_json else contextlib.nullcontext() as screen:
            # Progress is no change of the run: a screen is renewed every second.
            on_screen = isinstance(screen, Live)
            look_seconds = SCREEN_SECONDS if on_screen else QUIET_SECONDS
            async for run in run_as_it_changes(client, run_id, look_seconds=look_seconds, unchanged=on_screen):
                if isinstance(screen, Live):
                    jobs = await client.runs.jobs_at_servers(run_id, JOBS_SHOWN_MAX) if run.open_jobs else []
                    screen.update(Group(run_summary(run), job_bars(run, jobs)), refresh=True)
                else:
                    print_json(run)
                if run.status == "completed" or (until_finals and run.finals >= run.t):
                    return


async def run_as_it_changes(
    api: CarnivalApi, run_id: str, *, look_seconds: float = QUIET_SECONDS, unchanged: bool = False
) -> AsyncGenerator[Run]:
    """The run now, and again after each change of it; changes that come close together count as one.

    The stream of changes only wakes; without it the run is looked at every `look_seconds`. `unchanged`: after any look.
    """
    woken = asyncio.Event()

    async def listen() -> None:
        async for _ in api.log.changes(run_id=run_id):
            woken.set()

    listening = asyncio.create_task(listen())
    shown: Run | None = None
    try:
        while True:
            woken.clear()
            run = await api.runs.one(run_id)
            if unchanged or run != shown:
                shown = run
                yield run
            await is_set_within(woken, look_seconds)
            await asyncio.sleep(CALM_SECONDS)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
