"""`carnival decision …`: `carnival next` and `carnival why`, where they are looked for."""

from __future__ import annotations

import typer

from carnival_cli.commands.look import show_next
from carnival_cli.commands.why import why

app = typer.Typer(no_args_is_help=True, help="Why jobs are asked for: the next one, and those that were.")
app.command("next")(show_next)
app.command("why")(why)
