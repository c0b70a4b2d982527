"""A rescoring of every vote against reading those votes: how much the rating itself adds.

    python bench/rescore.py [--votes 1000000] [--runs 300] [--system elo] [--repeats 3]

Both read the same frozen state of the read model, some runs at a time; one rates and compares them, the other lets them
go. Prints one figure a line. Starts NATS and Postgres of its own and stops them; exits with 1 on a missed goal.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import time
from statistics import median

from measuring.figures import at_most, plain
from measuring.filled_hub import empty_hub
from measuring.vote_history import EVENTS_PER_VOTE, VoteHistory

from carnival.contracts.ids import Position
from projector.__main__ import COLLECT_EVERY
from projector.adapters.history import PostgresHistory
from projector.application.rescore import rate_all
from projector.domain.ratings.choosing import rating_system
from projector.domain.rescoring_report import RescoringReport

RATIO_GOAL = 1.2


async def reading_seconds(history: PostgresHistory) -> float:
    started = time.perf_counter()
    async with history.frozen() as frozen:
        async for _ in frozen.runs():
            pass
    return time.perf_counter() - started


async def rescoring_seconds(history: PostgresHistory, system: str) -> tuple[float, int]:
    """As the projector does it; how long, and how many votes were rated."""
    started = time.perf_counter()
    report = RescoringReport(rating_system(system, {}))
    async with history.frozen() as frozen:
        async for _ in rate_all(frozen, report):
            pass
    report.finished("bench", system, Position(1))
    return time.perf_counter() - started, report.votes


async def measure(votes: int, runs: int, system: str, repeats: int) -> bool:
    gc.set_threshold(*COLLECT_EVERY)
    async with empty_hub() as hub:
        await hub.fill(VoteHistory(runs).drafts(round(votes * EVENTS_PER_VOTE)))
        await hub.project()
        history = PostgresHistory(hub.database_url)
        read, rated, counted = list[float](), list[float](), 0
        for _ in range(repeats):
            read.append(await reading_seconds(history))
            seconds, counted = await rescoring_seconds(history, system)
            rated.append(seconds)
    plain("votes_rated", counted)
    plain("votes_read_per_second", counted / median(read))
    plain("votes_rescored_per_second", counted / median(rated))
    ratios = [one / other for one, other in zip(rated, read, strict=True)]
    return at_most("rescoring_to_reading", median(ratios), RATIO_GOAL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--votes", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--system", default="elo", help="elo, elo-annealed, weng-lin or bradley-terry")
    parser.add_argument("--repeats", type=int, default=3)
    return 0 if asyncio.run(measure(**vars(parser.parse_args()))) else 1


if __name__ == "__main__":
    sys.exit(main())
