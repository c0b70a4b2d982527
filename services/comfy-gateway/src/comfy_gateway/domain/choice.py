"""Which node of this gateway gets a job: one that can do it, and of those the one with the fewest jobs per slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from carnival.contracts.capabilities import Lack
from comfy_gateway.domain.node import NodeLoad, next_node


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A node as a place for one job. `lacks` is what it is known to lack for it, `roomy` whether it has more memory
    than those where the job did not fit, `memory` how much, in bytes."""

    load: NodeLoad
    lacks: tuple[Lack, ...] = ()
    roomy: bool = True
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Take:
    """This node gets the job."""

    node: str


@dataclass(frozen=True, slots=True)
class Full:
    """A node here can do it, but has no place just now."""


@dataclass(frozen=True, slots=True)
class Unable:
    """No node that takes work here can do it."""


Choice: TypeAlias = Take | Full | Unable


def choose(options: Sequence[Option]) -> Choice:
    """Among the nodes that take work."""
    able = [option.load for option in options if option.load.ready and option.roomy and not option.lacks]
    if not able:
        return Unable()
    chosen = next_node(able)
    return Take(chosen) if chosen else Full()


def last_resort(options: Sequence[Option]) -> Take | Full:
    """Nobody is known to be able, so a server with a place has the last word: the one that lacks least, then the one
    with the most memory."""
    placed = [option for option in options if option.load.places > 0]
    if not placed:
        return Full()
    return Take(min(placed, key=lambda option: (len(option.lacks), -option.memory)).load.name)
