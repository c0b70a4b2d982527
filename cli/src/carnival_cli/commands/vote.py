"""`carnival vote`: pairs of a run, one after the other, judged by keys."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.connecting import connected
from carnival_cli.api.lookup import find_run
from carnival_cli.api.views.vote import Pair
from carnival_cli.commands.arguments import WantedRun
from carnival_cli.commands.edge import DEFAULT_DATA, Api, AsJson, Data, api_address, command
from carnival_cli.output import counted, notice, print_json, say
from carnival_cli.voting.keys import HELP, pressed
from carnival_cli.voting.session import Session
from carnival_cli.voting.showing import AsFile, InTerminal, Shower, terminal_pictures


@command
async def vote(
    run: WantedRun,
    voter: Annotated[
        str | None, typer.Option(help="The voter; default: you. Only operators may name somebody else.")
    ] = None,
    opened: Annotated[bool, typer.Option("--open", help="Open each pair in the system's viewer.")] = False,
    as_files: Annotated[
        bool, typer.Option("--files", help="Print paths, even if the terminal draws pictures.")
    ] = False,
    api: Api = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Vote on the pairs of a run, each shown side by side: in the terminal where it draws pictures, else as a file.

    Keys: arrow left or l, arrow right or r, arrow up or t: tie, arrow down or b: both bad, s: skip, x or X: kill the
    left or the right image and look at its parent, u: undo, q: quit. Over a pipe: the letters.
    """
    async with connected(api_address(api, data)) as client:
        found = await find_run(client, run)
        with TemporaryDirectory(prefix="carnival-vote-", ignore_cleanup_errors=True) as folder:
            shower = _shower(client, Path(folder), opened=opened, as_files=as_files or as_json)
            session = Session(client, found.run_id, voter, notice)
            notice(HELP)
            while pair := await session.next_pair():
                notice(_headline(pair))
                await shower.show(pair)
                if not await session.judge(pair, await pressed(notice)):
                    break
            else:
                notice(f"Every pair is voted on. See: carnival run leaders {found.run_id}")
    if as_json:
        print_json({"votes": session.votes, "kills": session.kills})
    else:
        say(f"{counted(session.votes, 'vote')}, {counted(session.kills, 'kill')}.")


def _shower(api: CarnivalApi, folder: Path, *, opened: bool, as_files: bool) -> Shower:
    drawn = None if opened or as_files else terminal_pictures()
    return InTerminal(api, drawn) if drawn else AsFile(api, folder, notice, opened=opened)


def _headline(pair: Pair) -> str:
    left = f", {counted(pair.open_pairs, 'open pair')}" if pair.open_pairs else ""
    return f"{pair.step_name}{left}{'' if pair.voting else ' (for a kill only)'}"
