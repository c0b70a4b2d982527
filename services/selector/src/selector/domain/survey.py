"""What one look at the read model shows before any run is looked at closely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carnival.contracts.ids import Position
from selector.domain.cancellation import OpenJob
from selector.domain.failing import FailingParent, FailingStep
from selector.domain.frontier import RunInTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All of it is the state at `position`.

    `open_jobs` counts by pool, over all runs; `pools` are those that active runs use; `runs` are the active ones;
    `last_served` is the creation position of the run that got the last job, 0 if none did; `unwanted_jobs`,
    `failing_parents` and `failing_steps` hold at least those that the rules act on.
    """

    position: Position
    open_jobs: Mapping[str, int]
    pools: frozenset[str]
    runs: Sequence[RunInTurn]
    last_served: Position
    unwanted_jobs: Sequence[OpenJob] = ()
    failing_parents: Sequence[FailingParent] = ()
    failing_steps: Sequence[FailingStep] = ()
