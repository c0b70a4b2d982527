"""A node of the fleet with what it can do."""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.capabilities import Capabilities
from carnival.contracts.notices import NodePresence


@dataclass(frozen=True, slots=True)
class PresentNode:
    """`capabilities` is None while they are not known."""

    presence: NodePresence
    capabilities: Capabilities | None
