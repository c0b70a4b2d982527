"""Writes docs/events.md from the catalogue. With `--check` it only says whether the file is up to date."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from carnival.contracts.catalogue import WRITERS
from carnival.contracts.envelope import Event
from carnival.contracts.subjects import COMMAND_SHARD, subject_of
from carnival.testing import examples

HEADER = """# Events

Written from the catalogue by `make docs`; do not edit. Each event is one JSON body with CloudEvents attributes in the
message headers. Unknown fields are ignored by readers; a changed shape gets a new version and an upcast.
"""


def main(arguments: list[str]) -> int:
    check = "--check" in arguments
    target = Path(next(name for name in arguments if not name.startswith("--")))
    page = render()
    if check:
        return 0 if target.read_text(encoding="utf-8") == page else 1
    target.write_text(page, encoding="utf-8")
    return 0


def render() -> str:
    """The whole page."""
    by_kind = {type(event): event for event in examples.one_of_each()}
    return "\n".join([HEADER, *(_section(kind, by_kind[kind]) for kind in WRITERS)])


def _section(kind: type[Event], example: Event) -> str:
    subject = subject_of(example).replace(examples.RUN, "<run id>").replace(examples.PIPELINE, "<pipeline id>")
    subject = subject.replace(f"access.{examples.TOKEN}.", "access.<token id>.")
    subject = subject.replace(f"command.{examples.COMMAND[:COMMAND_SHARD]}.", "command.<two digits of its id>.")
    subject = subject.replace(f"fleet.{examples.GATEWAY}.", "fleet.<gateway>.")
    lines = [
        f"## {kind.wire_name} (version {kind.schema_version})",
        "",
        _summary(kind),
        "",
        f"* written by: {', '.join(sorted(WRITERS[kind]))}",
        f"* subject: `{subject}`",
        f"* fields: {', '.join(f'`{name}`' for name in kind.model_fields)}",
        "",
    ]
    return "\n".join(lines)


def _summary(kind: type[Event]) -> str:
    return inspect.cleandoc(kind.__doc__) if "__doc__" in vars(kind) and kind.__doc__ else "A fact; the name says it."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
