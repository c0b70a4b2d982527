"""docs/api.md is true: its blocks are run from top to bottom against a real hub, and what they show is compared."""

from __future__ import annotations

import ast
import io
import os
import re
import select
import subprocess
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fixtures.command_line import environment, up

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
BLOCK_SECONDS = 120
ANYTHING = "…"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """`shown`: what the guide says it prints; None where it shows nothing. `line`: where it begins in the guide."""

    language: str
    code: str
    shown: str | None
    line: int


def blocks() -> list[Block]:
    text = GUIDE.read_text(encoding="utf-8")
    found = [(match[1], match[2], text[: match.start()].count("\n") + 1) for match in _BLOCK.finditer(text)]
    following = [*found[1:], ("", "", 0)]
    return [
        Block(language, code, following_code if after == "output" else None, line)
        for (language, code, line), (after, following_code, _) in zip(found, following, strict=True)
        if language != "output"
    ]


class Shell:
    """One bash for all blocks, so that what one sets the next has. Any command that fails ends it."""

    def __init__(self, variables: dict[str, str], folder: Path) -> None:
        self._bash = subprocess.Popen(
            ["bash", "-eo", "pipefail"],
            env=environment() | variables,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, code: str) -> str:
        """What the block prints. Fails if a command of it does."""
        assert self._bash.stdin is not None
        assert self._bash.stdout is not None
        self._bash.stdin.write(f"{code}\nprintf '\\0'\n".encode())
        self._bash.stdin.flush()
        printed = b""
        deadline = time.monotonic() + BLOCK_SECONDS
        while not printed.endswith(b"\0"):
            assert time.monotonic() < deadline, f"never ended, after {printed.decode()!r}:\n{code}"
            ready, _, _ = select.select([self._bash.stdout], [], [], 1)
            piece = os.read(self._bash.stdout.fileno(), 65536) if ready else b"-"
            assert piece, f"a command failed, after {printed.decode()!r}:\n{code}"
            printed += piece if ready else b""
        return printed.rstrip(b"\0").decode()

    def close(self) -> None:
        self._bash.kill()
        self._bash.communicate()


@contextmanager
def shell(variables: dict[str, str], folder: Path) -> Generator[Shell]:
    running = Shell(variables, folder)
    try:
        yield running
    finally:
        running.close()


def run_python(block: Block, names: dict[str, Any]) -> str:
    """What the block prints; `names` are those of all Python blocks. Tracebacks name lines of the guide."""
    tree = ast.increment_lineno(ast.parse(block.code), block.line)
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(tree, str(GUIDE), "exec"), names)
    return printed.getvalue()


def pattern_of(shown: str) -> re.Pattern[str]:
    return re.compile(".*?".join(re.escape(part) for part in shown.strip().split(ANYTHING)), re.DOTALL)


@pytest.fixture
def variables() -> Iterator[dict[str, str]]:
    """What names the hub and opens it, in the environment of both languages."""
    with TemporaryDirectory(prefix="carnival-guide-") as folder, up(Path(folder) / "data") as running:
        data = Path(running.state["data"])
        yield {"HUB": running.state["api_url"], "TOKEN": (data / "operator-token").read_text().strip()}


def test_every_block_of_the_guide_does_what_it_shows(
    variables: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    names: dict[str, Any] = {"__name__": "guide"}
    with shell(variables, tmp_path) as bash:
        for block in blocks():
            printed = bash.run(block.code) if block.language == "sh" else run_python(block, names)
            if block.shown is not None:
                wanted = pattern_of(block.shown)
                assert wanted.fullmatch(printed.strip()), f"line {block.line}: {printed!r} is not {block.shown!r}"
    names["hub"].close()


def test_the_guide_shows_what_its_blocks_print() -> None:
    found = blocks()
    assert {block.language for block in found} == {"sh", "python"}
    assert sum(block.shown is not None for block in found) >= 15
