"""What commands print: JSON for programs on stdout, tables and sentences for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

SCREEN: Final = Console(highlight=False)
NOTICES: Final = Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line for a person, taken literally."""
    SCREEN.print(text, markup=False, soft_wrap=True)


def notice(text: str) -> None:
    """A line beside the result: on stderr, so that it never mixes with JSON."""
    NOTICES.print(text, markup=False, soft_wrap=True)


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
    """A table; numbers to the right, the rest as text that is never read as markup."""
    lines = [list(row) for row in rows]
    built = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        numeric = bool(lines) and all(isinstance(line[place], (int, float)) for line in lines)
        built.add_column(heading, justify="right" if numeric else "left")
    for line in lines:
        built.add_row(*(_cell(value) for value in line))
    return built


def _cell(value: object) -> str:
    if value is None:
        return "-"
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    return text.replace("[", "\\[")
