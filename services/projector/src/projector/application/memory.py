"""Runs kept in memory between batches, within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from sys import maxsize

from carnival.contracts.ids import RunId
from projector.domain.read_model import ReadModel


@dataclass(frozen=True, slots=True)
class MemoryLimits:
    """`rows_max` counts candidates and jobs, and sixteen votes as one of them."""

    runs_max: int = 2_000
    rows_max: int = 400_000
    pipelines_max: int = 2_000

    def of_share(self, shares: int) -> MemoryLimits:
        """Each keeps its part of the runs, and all pipelines: they are small, and only the first could look them up."""
        if shares == 1:
            return self
        return MemoryLimits(max(1, self.runs_max // shares), max(1, self.rows_max // shares), pipelines_max=maxsize)


class Memory:
    """The read model's runs, those used last the longest. Only what is written may be forgotten."""

    def __init__(self, limits: MemoryLimits) -> None:
        self.model = ReadModel()
        self._limits = limits
        self._weights: dict[RunId, int] = {}
        self._weight = 0

    @property
    def rows_free(self) -> int:
        """How many more rows fit, as of the last settling."""
        return self._limits.rows_max - self._weight

    def drop_all(self) -> None:
        """Forget everything, written or not."""
        self.model = ReadModel()
        self._weights = {}
        self._weight = 0

    def settle(self, used: Iterable[RunId]) -> list[RunId]:
        """The changes are written, `used` were their runs in order of use: forget the oldest ones beyond the limits.

        Which were forgotten.
        """
        self.model.mark_written()
        for run_id in used:
            run = self.model.runs.pop(run_id, None)
            if run is not None:
                self.model.runs[run_id] = run
                self._weight += run.weight - self._weights.get(run_id, 0)
                self._weights[run_id] = run.weight
        forgotten = list[RunId]()
        while len(self.model.runs) > self._limits.runs_max or self._weight > self._limits.rows_max:
            oldest = next(iter(self.model.runs), None)
            if oldest is None:
                break
            self.model.runs.pop(oldest).take_apart()
            forgotten.append(oldest)
            self._weight -= self._weights.pop(oldest, 0)
        if len(self.model.pipelines) > self._limits.pipelines_max:
            self.model.pipelines.clear()
        self.model.rescorings.clear()
        return forgotten
