"""All commands are described and used alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from carnival_cli.exits import Exit
from carnival_cli.main import app

README = Path(__file__).parents[3] / "cli" / "README.md"


def commands(node: Any, name: str = "carnival") -> Iterator[tuple[str, Any]]:
    """Every command by its whole name."""
    if not hasattr(node, "commands"):
        yield name, node
        return
    for part, below in node.commands.items():
        yield from commands(below, f"{name} {part}")


ALL = dict(commands(get_command(app)))


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_command_says_what_it_does_and_what_its_words_mean_and_takes_json(name: str) -> None:
    command = ALL[name]
    assert re.match(r"[A-Z][a-z]+ ", command.help or ""), "it begins with what it does"
    assert "--json" in {option for parameter in command.params for option in parameter.opts}
    for parameter in command.params:
        said = getattr(parameter, "help", None) or ""
        assert re.search(r"[.\])]$", said), f"{parameter.name} is explained by {said!r}"


def test_the_readme_lists_every_exit_code() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README.read_text(), re.MULTILINE)}
    assert listed == {int(code) for code in Exit} | {130}


def test_the_readme_names_every_command() -> None:
    page = README.read_text()
    for name in ALL:
        *group, last = name.split()
        line = f"{' '.join(group)} {last}"
        listed = re.search(rf"^{re.escape(' '.join(group))}\b.*\b{re.escape(last)}\b", page, re.MULTILINE)
        assert listed, f"{line} is nowhere in cli/README.md"
