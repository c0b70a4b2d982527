"""What the projector's newest notices say of single events: nobody has to ask the rows for that again."""

from __future__ import annotations

from collections import deque
from typing import Final

from carnival.contracts.ids import Position
from carnival.contracts.notices import Projected
from carnival.contracts.verdict import VoidReason

KEPT_MAX: Final = 256
"""Notices. Whoever waits for a verdict asks within milliseconds of its notice."""


class ToldVerdicts:
    def __init__(self) -> None:
        self._notices: deque[Projected] = deque(maxlen=KEPT_MAX)

    def hear(self, notice: Projected) -> None:
        """Of a read model that goes on from elsewhere, nothing that was told before holds."""
        if notice.after is None or (self._notices and notice.after < self._notices[-1].position):
            self._notices.clear()
        if notice.after is not None:
            self._notices.append(notice)

    def has(self, position: Position) -> bool:
        """Whether the verdict on the event there was told."""
        return self._about(position) is not None

    def void_reason(self, position: Position) -> VoidReason | None:
        """Why the event there has no effect; None if it has, or if nothing was told of it."""
        notice = self._about(position)
        voids = notice.voids if notice else ()
        return next((void.reason for void in voids if void.position == position), None)

    def _about(self, position: Position) -> Projected | None:
        for notice in reversed(self._notices):
            if notice.position < position:
                return None
            if notice.after is not None and notice.after < position:
                return notice
        return None
