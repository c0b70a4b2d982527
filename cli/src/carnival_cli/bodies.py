"""Bodies of commands to the API."""

from __future__ import annotations

from typing import Any


def given(**members: Any) -> dict[str, Any]:
    """The members that were given: what is left out is up to the hub."""
    return {name: value for name, value in members.items() if value is not None}
