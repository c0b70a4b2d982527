"""`carnival events tail`"""

from __future__ import annotations

import contextlib
from collections import deque
from typing import Annotated, Any, Final

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.errors import ApiUnreachable
from carnival_cli.api.lookup import find_run
from carnival_cli.api.views.monitoring import LogLine
from carnival_cli.commands.arguments import OneRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import print_json, say

app = typer.Typer(no_args_is_help=True, help="Look at the event log.")

PAGE: Final = 500
DETAIL_CHARACTERS: Final = 120


@app.command("tail")
@command
async def tail(
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new events until Ctrl-C.")] = False,
    run: OneRun = None,
    last: Annotated[
        int, typer.Option("--last", "-n", min=0, max=100_000, help="How many of the newest events to show.")
    ] = 20,
    after: Annotated[int | None, typer.Option(min=0, help="Show everything after this position instead.")] = None,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show the newest events, one line each (with --json one document each)."""
    async with connected(api_address(api, data)) as client:
        run_id = (await find_run(client, run)).run_id if run else None
        end = (await client.monitoring.status()).log_position
        position = after if after is not None else await _start(client, run_id, last, end)
        position = await _print_behind(client, position, run_id, until=end, as_json=as_json)
        if follow:
            async for _ in client.log.follow(position, run_id):
                # What is not printed now is printed with the next change; `follow` gives up if the API stays away.
                with contextlib.suppress(ApiUnreachable):
                    position = await _print_behind(client, position, run_id, as_json=as_json)


async def _start(api: CarnivalApi, run_id: str | None, last: int, end: int) -> int:
    """The position behind which the `last` newest events up to `end` stand."""
    if run_id is None or last == 0:
        return max(0, end - last)
    newest: deque[int] = deque(maxlen=last)
    position = 0
    while True:
        page = await api.log.events(position, run_id, PAGE)
        newest.extend(entry.position for entry in page.items if entry.position <= end)
        if page.next is None or not page.items or page.items[-1].position >= end:
            return newest[0] - 1 if newest else end
        position = page.items[-1].position


async def _print_behind(
    api: CarnivalApi, position: int, run_id: str | None, *, until: int | None = None, as_json: bool
) -> int:
    """Print everything there is behind `position`, not beyond `until`; the last position printed."""
    while True:
        page = await api.log.events(position, run_id, PAGE)
        within = [entry for entry in page.items if until is None or entry.position <= until]
        for entry in within:
            _print(entry, as_json=as_json)
        if within:
            position = within[-1].position
        if page.next is None or len(within) < len(page.items) or not page.items:
            return position


def _print(entry: LogLine, *, as_json: bool) -> None:
    if as_json:
        print_json(entry)
        return
    clock = f"{entry.time:%Y-%m-%d %H:%M:%S}" if entry.time else "-"
    say(f"{entry.position:>8}  {clock}  {entry.type:<18} {entry.actor or entry.source or '-':<14} {detail_of(entry)}")


def detail_of(entry: LogLine) -> str:
    """The fields that tell events of one kind apart, short."""
    if entry.event is None:
        return f"unreadable: {entry.problem}"
    shown: dict[str, Any] = {}
    for name, value in entry.event.items():
        if name in {"template", "steps", "decision", "variables"} or value in (None, "", {}, []):
            continue
        shown[name] = value[:8] if isinstance(value, str) and name.endswith("_id") else value
    return " ".join(f"{name}={value}" for name, value in shown.items())[:DETAIL_CHARACTERS]
