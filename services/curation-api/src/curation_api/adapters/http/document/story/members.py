"""What members of a thing say, and how a story names another thing of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Members = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Another:
    """A thing of the kind `schema`, which differs from the kind's own example in `members`."""

    schema: str
    members: Members = field(default_factory=dict[str, Any])
