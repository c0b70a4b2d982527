"""Values as Postgres reads them from text: one array parameter a column, one line a row in COPY.

Building the text here costs a fraction of adapting every element on its own, and a statement's parameters always have
the same type, so it stays prepared. Columns are looked at as a whole: most hold nothing that needs an escape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import NoneType
from typing import Final, cast

Cell = str | int | float | datetime | bytes | None
Row = tuple[Cell, ...]

NUMBERS: Final = frozenset({int, float, bool})

_COPY_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def columns_of(rows: Sequence[Row]) -> list[str]:
    """One array literal for each column of `rows`; at least one row."""
    return [array_literal(column) for column in zip(*rows, strict=True)]


def array_literal(cells: Sequence[Cell]) -> str:
    return "{" + ",".join(_texts(cells, _ARRAY)) + "}"


def copy_lines(rows: Sequence[Row]) -> str:
    """Rows in the text format of COPY; at least one row."""
    columns = [_texts(column, _COPY) for column in zip(*rows, strict=True)]
    return "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"


def _texts(cells: Sequence[Cell], form: _Form) -> Sequence[str]:
    """Nearly every column is of one kind, which is told without looking at each cell here."""
    kinds = set(map(type, cells))
    if kinds == {NoneType}:
        return [form.null] * len(cells)
    if kinds == {datetime}:
        return list(map(datetime.isoformat, cast("Sequence[datetime]", cells)))
    if kinds <= NUMBERS:
        return list(map(str, cells))
    if kinds == {str}:
        texts = cast("Sequence[str]", cells)
        if form.special_in(texts):
            return list(map(form.escaped, texts))
        return texts if form.plain is str else list(map(form.plain, texts))
    string = form.escaped if form.special_in([cell for cell in cells if isinstance(cell, str)]) else form.plain
    return [_text(cell, form, string) for cell in cells]


def _text(cell: Cell, form: _Form, string: Callable[[str], str]) -> str:
    """Numbers as Python writes them: Postgres reads True and False as well."""
    if isinstance(cell, str):
        return string(cell)
    if cell is None:
        return form.null
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return form.binary.format(cell.hex())
    return str(cell)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _quoted_escaped(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _copy_escaped(text: str) -> str:
    return text.translate(_COPY_ESCAPES)


@dataclass(frozen=True, slots=True)
class _Form:
    """How one of the two text formats writes what is no number and no time."""

    null: str
    binary: str
    special: tuple[str, ...]
    plain: Callable[[str], str]
    escaped: Callable[[str], str]

    def special_in(self, texts: Sequence[str]) -> bool:
        """Whether any of them needs an escape."""
        together = "".join(texts)
        return any(character in together for character in self.special)


_COPY: Final = _Form(r"\N", r"\\x{}", ("\\", "\t", "\n", "\r"), str, _copy_escaped)
_ARRAY: Final = _Form("NULL", r'"\\x{}"', ("\\", '"'), _quoted, _quoted_escaped)
