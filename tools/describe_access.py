"""Writes the table of docs/access.md from the role table of curation-api. The text above the table is kept."""

from __future__ import annotations

import sys
from pathlib import Path

from curation_api.adapters.http.roles import ROLES

HEAD = "| method | route | least role |\n|---|---|---|\n"


def main(arguments: list[str]) -> int:
    target = Path(arguments[0])
    target.write_text(render(target.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def render(page: str) -> str:
    """`page` with the table as it has to be at its end."""
    rows = sorted(
        (path, method, least.value) for least, lines in ROLES.items() for method, path in map(str.split, lines)
    )
    text, _, _ = page.partition(HEAD)
    return text + HEAD + "".join(f"| {method} | `{path}` | {least} |\n" for path, method, least in rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
