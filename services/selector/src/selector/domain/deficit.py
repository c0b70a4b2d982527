"""When a run needs another base image (DEF)."""

from __future__ import annotations

from selector.domain.frontier import RunFrontier


def has_deficit(run: RunFrontier) -> bool:
    """Finals of this run, those there and those promised by open jobs, are fewer than T (DEF-1 to DEF-3).

    T = 0 switches deficit mode off (CFG-3).
    """
    return promised_finals(run) < run.t


def promised_finals(run: RunFrontier) -> int:
    """Live finals and open jobs with a live parent or none: each of these becomes one final in the end (DEF-3)."""
    return run.live_finals + run.open_live_jobs
