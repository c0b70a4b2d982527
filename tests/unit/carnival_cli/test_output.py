"""Output for people and for programs."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from carnival_cli.api.views.run import Leader
from carnival_cli.output import print_json, table


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
