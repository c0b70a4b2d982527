"""Commands that the runbook names are those of the command line, with options it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command

from carnival_cli.main import app

RUNBOOK: Final = (Path(__file__).parents[3] / "docs" / "runbook.md").read_text()
BLOCK: Final = re.compile(r"```sh\n(.*?)```", re.DOTALL)
INLINE: Final = re.compile(r"`(carnival [^`]+)`")
WORD: Final = re.compile(r"[a-z][a-z-]*")


def commands() -> Iterator[str]:
    for block in BLOCK.findall(RUNBOOK):
        yield from (line.partition("#")[0].strip() for line in block.splitlines() if line.startswith("carnival "))
    yield from (found for found in INLINE.findall(BLOCK.sub("", RUNBOOK)) if found != "carnival up")


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_a_command_of_the_runbook_exists(line: str) -> None:
    _, *words = line.split()
    at: Any = get_command(app)
    while hasattr(at, "commands") and words and WORD.fullmatch(words[0]):
        assert words[0] in at.commands, f"{line}: there is no {words[0]}"
        at = at.commands[words.pop(0)]
    known = {option for parameter in at.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word.startswith("-"):
            assert word in known | {"--help"}, f"{line}: {at.name} has no {word}"
