"""What keys mean."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from enum import StrEnum
from typing import Final

import click

HELP: Final = "left, right, up: tie, down: both bad, s skip, x or X: kill left or right, u undo, q quit"


class Key(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"
    BOTH_BAD = "both_bad"
    SKIP = "skip"
    KILL_LEFT = "kill_left"
    KILL_RIGHT = "kill_right"
    UNDO = "undo"
    QUIT = "quit"


_KEYS: Final = {
    "\x1b[D": Key.LEFT,
    "\x1b[C": Key.RIGHT,
    "\x1b[A": Key.TIE,
    "\x1b[B": Key.BOTH_BAD,
    "l": Key.LEFT,
    "r": Key.RIGHT,
    "t": Key.TIE,
    "b": Key.BOTH_BAD,
    "s": Key.SKIP,
    "x": Key.KILL_LEFT,
    "X": Key.KILL_RIGHT,
    "u": Key.UNDO,
    "q": Key.QUIT,
    "\x04": Key.QUIT,
    "": Key.QUIT,
}


def key_of(typed: str) -> Key | None:
    """What was typed, as arrow or letter; the end of the input quits. None for any other key."""
    return _KEYS.get(typed.replace("\x1bO", "\x1b["))


async def pressed(explain: Callable[[str], None]) -> Key:
    """The next key that means something; any other is answered with the keys there are."""
    while True:
        key = key_of(await asyncio.to_thread(_typed))
        if key is not None:
            return key
        explain(HELP)


def _typed() -> str:
    """One key of a terminal; over a pipe one letter."""
    if sys.stdin.isatty():
        return click.getchar()
    while (typed := sys.stdin.read(1)).isspace():
        pass
    return typed
