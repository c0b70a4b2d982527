"""What a shell is offered for a name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from carnival_cli.api.lookup import typed_form
from carnival_cli.commands.completion import offers

RUNS = [("Gym Shoot", "id1", "running"), ("Pier", "id2", "running"), ("pier", "id3", "failed"), ("???", "id4", "x")]


@pytest.mark.parametrize(
    ("name", "form"), [("Gym Shoot", "Gym-Shoot"), ("a $(rm) 'b'", "a-rm-b"), ("v1.5_final", "v1.5_final"), ("!", "")]
)
def test_a_name_becomes_one_word_that_no_shell_takes_apart(name: str, form: str) -> None:
    assert typed_form(name) == form


def test_each_thing_is_offered_by_its_name_or_where_that_is_not_enough_by_its_id() -> None:
    assert offers("Gym", RUNS)[0] == ("Gym-Shoot", "running")
    assert offers("gym", RUNS)[0] == ("gym-shoot", "running")
    assert [word for word, _ in offers("", RUNS)] == ["Gym-Shoot", "id2", "id3", "id4"]


def test_no_shell_finds_anything_to_do_in_what_a_thing_is_called() -> None:
    evil = "a\\$(rm) \\`rm` \\\"; rm; ' \n\x1b[2J > b"
    assert offers("", [("?", "id", evil), ("x", "id2", evil)]) == [
        ("id", "a rm rm rm 2J > b"),
        ("x", "a rm rm rm 2J > b"),
    ]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_without_a_hub_nothing_is_offered_and_nothing_said(shell: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "carnival_cli"],
        env={
            **os.environ,
            "_CARNIVAL_COMPLETE": f"complete_{shell}",
            "COMP_WORDS": "carnival run show ",
            "COMP_CWORD": "3",
            "_TYPER_COMPLETE_ARGS": "carnival run show ",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "CARNIVAL_API": "http://127.0.0.1:9",
            "CARNIVAL_DATA": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.strip() in {"", "_files"}
