"""Where a job that ran out of memory is tried again (FAIL-6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

ATTEMPTS_MAX: Final = 4
MORE_BY: Final = 1.1
"""Two cards of one kind differ by some megabytes: that is no more memory."""


@dataclass(frozen=True, slots=True)
class AgainHere:
    """Another workflow may have filled the server's memory: it is asked to free it, and gets the job once more."""


@dataclass(frozen=True, slots=True)
class MoveOn:
    """A server of the pool has more memory than those that failed."""


@dataclass(frozen=True, slots=True)
class Enough:
    """Nobody has more, or it was tried often enough."""


MemoryDecision: TypeAlias = AgainHere | MoveOn | Enough


def after_running_out(tried: Sequence[int], servers: Iterable[int]) -> MemoryDecision:
    """`tried`: the memory of the server of each attempt so far. `servers`: that of all servers that can do the job.

    In bytes; 0 where a server does not say.
    """
    if len(tried) >= ATTEMPTS_MAX:
        return Enough()
    if len(tried) == 1:
        return AgainHere()
    return MoveOn() if any(is_worth_a_try(server, tried) for server in servers) else Enough()


def is_worth_a_try(server: int, tried: Sequence[int]) -> bool:
    """Whether a server with so much memory may do what servers with `tried` could not. The second attempt may be made
    anywhere, as the memory is freed before it; later ones only where there is more."""
    return len(tried) < 2 or server > max(tried) * MORE_BY
