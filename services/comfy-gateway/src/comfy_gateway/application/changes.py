"""Word that a node's places, state or jobs changed, to whoever wants to know."""

from __future__ import annotations

from collections.abc import Callable


class Changes:
    """Listeners must not wait."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def tell(self, *listeners: Callable[[], None]) -> None:
        """From now on these hear of every change."""
        self._listeners.extend(listeners)

    def __call__(self) -> None:
        for listener in self._listeners:
            listener()
