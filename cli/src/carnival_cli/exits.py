"""Exit codes of all commands, and the errors that stand for them."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

INTERRUPTED: Final = 130
"""As shells say of what Ctrl-C ended."""


class Exit(IntEnum):
    """What a script may rely on. 2 is also what a wrong option or argument gives."""

    OK = 0
    PROBLEM = 1
    USAGE = 2
    UNREACHABLE = 3
    REFUSED = 4
    TIMEOUT = 5
    ALREADY_RUNNING = 6


class Interrupted(Exception):
    """Ctrl-C or SIGTERM."""


class CommandFailed(Exception):
    """A command ends with a sentence and an exit code."""

    def __init__(self, message: str, code: Exit = Exit.PROBLEM) -> None:
        super().__init__(message)
        self.code = code
