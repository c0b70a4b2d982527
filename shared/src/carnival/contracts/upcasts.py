"""Old shapes become the newest one before anybody sees them.

An entry `(wire name, version) -> function` turns the decoded body of that version into the body of the next version.
A reader climbs from entry to entry until the newest version is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pydantic import JsonValue

Body = dict[str, JsonValue]
Upcast = Callable[[Body], Body]

UPCASTS: Final[Mapping[tuple[str, int], Upcast]] = {}


class MissingUpcast(LookupError):
    """A stored version has no way up to the newest one."""


def upcast(
    wire_name: str, version: int, newest: int, body: Body, upcasts: Mapping[tuple[str, int], Upcast] = UPCASTS
) -> Body:
    """The body of `version` as a body of `newest`. Raises MissingUpcast."""
    for step in range(version, newest):
        climb = upcasts.get((wire_name, step))
        if climb is None:
            raise MissingUpcast(f"{wire_name} has no upcast from version {step} to {step + 1}")
        body = climb(body)
    return body
