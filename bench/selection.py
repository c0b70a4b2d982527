"""One selection, its reading included: in a run of 20,000 images, and over 1,000 runs with work.

    python bench/selection.py [--candidates 20000] [--runs 1000] [--repeats 200]

A selection is what the selector does up to the draw: one consistent look at the read model, then the choice. The large
run is one as the selector grows it; the open one has as many images, nearly all of which may have more children, as
after a raised N: all of them compete. Beside it a bare `select 1` over the same pool. Prints one figure a line. Starts
NATS and Postgres of its own and stops them; exits with 1 on a missed goal.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from statistics import median

from measuring.figures import at_most, plain
from measuring.filled_hub import empty_hub
from measuring.large_tree import LargeTree
from measuring.vote_history import VoteHistory

from carnival.contracts.run import RunPolicy
from carnival.log.port import Draft
from carnival.postgres import open_pool
from selector.adapters.frontier_reader import PostgresFrontierReader
from selector.application.own_events import OwnEvents
from selector.application.preview_choice import PreviewChoice
from selector.domain.rules import Limits
from selector.domain.work import NoWork

LARGE_RUN_GOAL_MS = 5.0
MANY_RUNS_GOAL_MS = 20.0
EVENTS_PER_RUN = 20
LIMITS = Limits(parent_failures_max=3)


class ThereIsNoWork(Exception):
    """The history leaves nothing to select."""


class NoLease:
    """Nothing is appended here."""

    held = False
    term = 0


async def median_ms(call: Callable[[], Awaitable[object]], repeats: int) -> float:
    """The first call warms up and does not count."""
    await call()
    times = list[float]()
    for _ in range(repeats):
        started = time.perf_counter()
        await call()
        times.append((time.perf_counter() - started) * 1000)
    return median(times)


async def selection_ms(drafts: Iterable[Draft], name: str, repeats: int) -> float:
    """On a hub of its own with this history."""
    async with empty_hub() as hub:
        await hub.fill(drafts)
        await hub.project()
        pool = await open_pool(hub.database_url)
        own = OwnEvents(hub.log, NoLease())
        reader = PostgresFrontierReader(pool)
        preview = PreviewChoice(reader, own, RunPolicy.ROUND_ROBIN, LIMITS, lambda: datetime.now(UTC))
        if isinstance((await preview(None)).work, NoWork):
            raise ThereIsNoWork(name)

        async def bare() -> None:
            async with pool.connection() as connection:
                await connection.execute("select 1")

        baseline = await median_ms(bare, repeats)
        found = await median_ms(lambda: preview(None), repeats)
        await pool.close()
    plain(f"{name}_to_select_1", found / baseline)
    return found


async def measure(candidates: int, runs: int, repeats: int) -> bool:
    grown = LargeTree(candidates, candidates * 3, as_selected=True)
    large = await selection_ms(grown.drafts(), "large_run", repeats)
    plain("open_run_selection_ms", await selection_ms(LargeTree(candidates, 0).drafts(), "open_run", repeats // 10))
    many = await selection_ms(VoteHistory(runs).drafts(runs * EVENTS_PER_RUN), "many_runs", repeats)
    good = at_most("large_run_selection_ms", large, LARGE_RUN_GOAL_MS)
    return at_most("many_runs_selection_ms", many, MANY_RUNS_GOAL_MS) and good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=200)
    return 0 if asyncio.run(measure(**vars(parser.parse_args()))) else 1


if __name__ == "__main__":
    sys.exit(main())
