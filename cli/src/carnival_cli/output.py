"""What commands print: JSON for programs on stdout, tables and sentences for people."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pydantic import BaseModel
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.segment import Segment
from rich.table import Table

PIPE_COLUMNS: Final = 1000
ID_CHARACTERS: Final = 32


_LEFT_OUT: Final = "\N{REPLACEMENT CHARACTER}"
_SEEN: Final = str.maketrans(
    {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n"}
    | dict.fromkeys((*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), _LEFT_OUT)
)
"""Characters that would act on a terminal, or turn the order of others, as signs that only look like something."""


class PlainConsole(Console):
    """Names and notes are other people's texts: what would command a terminal is shown instead of obeyed."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=segment.text.translate(_SEEN))


def _screen() -> Console:
    """The width of a terminal is its own (or that of COLUMNS); what goes elsewhere is never folded or cut."""
    measured = sys.stdout.isatty() or "COLUMNS" in os.environ
    return PlainConsole(highlight=False, width=None if measured else PIPE_COLUMNS)


SCREEN: Final = _screen()
NOTICES: Final = PlainConsole(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line for a person, taken literally."""
    SCREEN.print(text, markup=False, soft_wrap=True)


def notice(text: str) -> None:
    """A line beside the result: on stderr, so that it never mixes with JSON."""
    NOTICES.print(text, markup=False, soft_wrap=True)


def counted(count: int, noun: str) -> str:
    """`1 image`, `2 images`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def progress_bar(*, transient: bool = True) -> Progress:
    """Bars for what is counted, on stderr: what, how far, how many, the time left. `transient`: they go at the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=NOTICES, transient=transient)


def print_json(value: Any) -> None:
    """One JSON document on stdout, in one line."""
    print(json.dumps(plain(value), ensure_ascii=False), flush=True)


def plain(value: Any) -> Any:
    """Models, also within lists and maps, as what JSON knows."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> Table:
    """A table; numbers to the right, the rest as text that is never read as markup. Ids are never cut."""
    lines = [list(row) for row in rows]
    built = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        values = [line[place] for line in lines]
        numeric = bool(lines) and all(isinstance(value, (int, float)) for value in values)
        whole = ID_CHARACTERS if any(len(str(value)) == ID_CHARACTERS for value in values) else None
        built.add_column(heading, justify="right" if numeric else "left", min_width=whole)
    for line in lines:
        built.add_row(*(_cell(value) for value in line))
    return built


def _cell(value: object) -> str:
    if value is None:
        return "-"
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    return text.replace("[", "\\[")
