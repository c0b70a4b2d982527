"""Values as Postgres reads them from text: one array parameter a column, one line a row in COPY.

Building the text here costs a fraction of adapting every element on its own, and a statement's parameters always have
the same type, so it stays prepared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

Cell = str | int | float | datetime | bytes | None
Row = tuple[Cell, ...]

_COPY_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def columns_of(rows: Sequence[Row]) -> list[str]:
    """One array literal for each column of `rows`; at least one row."""
    return [array_literal(column) for column in zip(*rows, strict=True)]


def array_literal(cells: Iterable[Cell]) -> str:
    return "{" + ",".join([_element(cell) for cell in cells]) + "}"


def copy_lines(rows: Iterable[Row]) -> str:
    """Rows in the text format of COPY."""
    return "".join(["\t".join([_field(cell) for cell in row]) + "\n" for row in rows])


def _element(cell: Cell) -> str:
    if cell is None:
        return "NULL"
    if isinstance(cell, str):
        return '"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(cell, bytes):
        return rf'"\\x{cell.hex()}"'
    return _bare(cell)


def _field(cell: Cell) -> str:
    if cell is None:
        return r"\N"
    if isinstance(cell, str):
        return cell.translate(_COPY_ESCAPES)
    if isinstance(cell, bytes):
        return rf"\\x{cell.hex()}"
    return _bare(cell)


def _bare(cell: float | datetime) -> str:
    """Text without anything to escape: true and false are as good as t and f."""
    return cell.isoformat() if isinstance(cell, datetime) else str(cell)
