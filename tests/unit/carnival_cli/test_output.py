"""Output for people and for programs."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console
from rich.text import Text

from carnival_cli.api.views.run import Leader
from carnival_cli.output import PlainConsole, print_json, table


def test_json_is_one_line_and_models_are_plain(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"best": [Leader(candidate_id="c", rating=1000, votes=1)], "text": "é\n"})
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert json.loads(printed) == {"best": [{"candidate_id": "c", "rating": 1000, "votes": 1}], "text": "é\n"}


def test_a_table_shows_brackets_as_they_are_and_nothing_as_a_dash() -> None:
    written = io.StringIO()
    Console(file=written, width=60).print(table(("name", "count"), [("[bold]x[/]", None), ("y", 2)]))
    assert "[bold]x[/]" in written.getvalue()
    assert "-" in written.getvalue()


def test_a_name_commands_no_terminal() -> None:
    written = io.StringIO()
    screen = PlainConsole(file=written, width=60, force_terminal=True, color_system="standard")
    screen.print(Text("\x1b]0;mine\x9b2J\u202egnp", style="bold"))
    assert written.getvalue() == "\x1b[1m\u241b]0;mine\ufffd2J\ufffdgnp\x1b[0m\n"
