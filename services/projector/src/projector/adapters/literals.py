"""Values as Postgres reads them from text: one array parameter a column, one line a row in COPY.

Building the text here costs a fraction of adapting every element on its own, and a statement's parameters always have
the same type, so it stays prepared. Columns are looked at as a whole: most hold nothing that needs an escape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

Cell = str | int | float | datetime | bytes | None
Row = tuple[Cell, ...]

_COPY_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_COPY_SPECIAL: Final = ("\\", "\t", "\n", "\r")
_ARRAY_SPECIAL: Final = ("\\", '"')


def columns_of(rows: Sequence[Row]) -> list[str]:
    """One array literal for each column of `rows`; at least one row."""
    return [array_literal(column) for column in zip(*rows, strict=True)]


def array_literal(cells: Sequence[Cell]) -> str:
    quoted = _quoted_escaped if _any_special(cells, _ARRAY_SPECIAL) else _quoted
    return "{" + ",".join(_texts(cells, "NULL", quoted, r'"\\x{}"')) + "}"


def copy_lines(rows: Sequence[Row]) -> str:
    """Rows in the text format of COPY; at least one row."""
    columns = [_texts(column, r"\N", _copy_text(column), r"\\x{}") for column in zip(*rows, strict=True)]
    return "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"


def _copy_text(cells: Sequence[Cell]) -> Callable[[str], str]:
    return _copy_escaped if _any_special(cells, _COPY_SPECIAL) else str


def _any_special(cells: Iterable[Cell], special: tuple[str, ...]) -> bool:
    text = "".join([cell for cell in cells if isinstance(cell, str)])
    return any(character in text for character in special)


def _texts(cells: Iterable[Cell], null: str, string: Callable[[str], str], binary: str) -> list[str]:
    """Numbers as Python writes them: Postgres reads True and False as well."""
    return [
        string(cell)
        if isinstance(cell, str)
        else null
        if cell is None
        else cell.isoformat()
        if isinstance(cell, datetime)
        else binary.format(cell.hex())
        if isinstance(cell, bytes)
        else str(cell)
        for cell in cells
    ]


def _quoted(text: str) -> str:
    return f'"{text}"'


def _quoted_escaped(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _copy_escaped(text: str) -> str:
    return text.translate(_COPY_ESCAPES)
