"""`carnival digest`"""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

import typer

from carnival_cli.commands.edge import DEFAULT_DATA, AsJson, Data, command, required_state
from carnival_cli.folding_display import show_folding
from carnival_cli.output import print_json, say
from carnival_cli.projector_program import digest as live_digest

DIGEST_SECONDS: Final = 3600.0


@command
async def digest(
    at: Annotated[
        int | None,
        typer.Option(min=0, help="As of this position: folded beside the live rows, which stay as they are."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=1, help="Give up after this many seconds, with exit code 5.")
    ] = DIGEST_SECONDS,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Print the fingerprint of the read model. Equal logs give equal ones, at the same position, on any machine."""
    state = required_state(data)
    async with asyncio.timeout(timeout):
        found = await (live_digest(state) if at is None else show_folding(state, "digest", str(at)))
    if as_json:
        print_json(found)
    else:
        say(f"{found['digest']} at position {found['position']}")
