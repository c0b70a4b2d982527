"""SQL lives in `.sql` files beside the adapter that runs it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import LiteralString, cast


@cache
def load_sql(package: str, name: str) -> LiteralString:
    """The text of `<package>/sql/<name>.sql`. Raises FileNotFoundError."""
    return cast("LiteralString", files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8"))
