"""Which step a gallery shows by itself (GAL-1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class LiveColumn(Protocol):
    """One step of a run and how many live images it has."""

    @property
    def step_order(self) -> int: ...

    @property
    def live(self) -> int: ...


def default_step(columns: Sequence[LiveColumn]) -> int | None:
    """The highest step with live images, else the last one; None for a pipeline without steps."""
    orders = [column.step_order for column in columns]
    return max((column.step_order for column in columns if column.live), default=max(orders, default=None))
