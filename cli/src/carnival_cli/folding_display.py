"""The log being folded by a program of the projector, as a bar with a rate and the time that is left."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from carnival_cli.output import NOTICES
from carnival_cli.projector_program import projector_lines
from carnival_cli.up.state import UpState


async def show_folding(state: UpState, *command: str) -> dict[str, Any]:
    """Runs the program until it ends; the last line that it printed. Raises CommandFailed."""
    last: dict[str, Any] = {}
    async with aclosing(projector_lines(state, *command)) as lines:
        with _progress() as progress:
            task = progress.add_task(command[0], total=None, rate="-")
            async for line in lines:
                last = line
                if "phase" in line:
                    progress.update(
                        task,
                        description=str(line["phase"]),
                        completed=line.get("position"),
                        total=line.get("end"),
                        rate=_rate(line),
                    )
    return last


def _rate(line: dict[str, Any]) -> str:
    seconds = float(line.get("seconds") or 0)
    return f"{int(line.get('position') or 0) / seconds:,.0f}" if seconds else "-"


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]} events/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=NOTICES)
