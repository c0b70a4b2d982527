"""How long a run still takes, of what its steps took so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutlook:
    """One step of a run.

    `cap` is how many children a parent gets here, at least 1; `free_places` how many more the live parents of this step
    may get, 0 for the first step. `mean_gpu_seconds` is that of its newest images, None before the first.
    """

    pool: str
    cap: int
    open_jobs: int
    free_places: int
    mean_gpu_seconds: float | None
    paused: bool


def images_expected(steps: Sequence[StepOutlook], finals_missing: int) -> tuple[int, ...]:
    """Images that must still come at each step so that an autonomous run reaches its target.

    Walked from the last step to the first, as the selector serves the right before the left. The last step needs the
    missing finals. What open jobs and free places of a step do not give needs new parents at the step before:

        expected[k - 1] = ceil(max(0, expected[k] - open_jobs[k] - free_places[k]) / cap[k])
    """
    if not steps:
        return ()
    expected = [max(0, finals_missing)]
    for step in reversed(steps[1:]):
        orphans = max(0, expected[0] - step.open_jobs - step.free_places)
        expected.insert(0, -(-orphans // step.cap))
    return tuple(expected)


def seconds_left(steps: Sequence[StepOutlook], expected: Sequence[int], slots: Mapping[str, int]) -> float | None:
    """Seconds until `expected` images of each step are there, as if the run had its pools for itself.

    For each pool the sum over its steps of `expected * mean_gpu_seconds`, divided by the pool's present slots; pools
    work side by side, so the slowest one counts. 0 when nothing is expected. None when nobody can know: a step that is
    needed is paused or was never rendered, or its pool has no slots.
    """
    work: defaultdict[str, float] = defaultdict(float)
    for step, images in zip(steps, expected, strict=True):
        if images <= 0:
            continue
        if step.paused or step.mean_gpu_seconds is None or slots.get(step.pool, 0) <= 0:
            return None
        work[step.pool] += images * step.mean_gpu_seconds
    return max((seconds / slots[pool] for pool, seconds in work.items()), default=0.0)
