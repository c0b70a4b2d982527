"""One run as it was at random positions of its history, against bare reading of that history.

    python bench/time_machine.py [--events 100000] [--looks 40]

A look with nothing kept folds the run from its beginning. The looks after it start from what earlier ones have kept,
where that lies before the position, as they do in a projector. Bare reading is nats-py handing the run's messages to a
callback that does nothing. Prints one figure a line. Starts NATS and Postgres of its own and stops them; exits with 1
on a missed goal.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import time
from random import Random
from statistics import median, quantiles

from measuring.bare_reading import bare_reading_seconds
from measuring.figures import at_most, plain
from measuring.filled_hub import Hub, empty_hub
from measuring.vote_history import VoteHistory

from carnival.contracts.ids import Position, RunId
from carnival.contracts.past import CANDIDATES_MAX, RunAtAsked
from projector.__main__ import COLLECT_EVERY
from projector.adapters.verdicts import PostgresVerdicts
from projector.application.look_back import LookBack

P95_GOAL_SECONDS = 2.0


async def look_seconds(look_back: LookBack, run_id: RunId, position: int) -> float:
    """A whole answer: the run and the first page of its tree."""
    started = time.perf_counter()
    asked = RunAtAsked(run_id=run_id, position=Position(position), candidates_max=CANDIDATES_MAX)
    answer = await look_back(asked)
    if answer.found is None:
        raise RuntimeError(f"no answer about position {position}: {answer.problem}")
    return time.perf_counter() - started


async def fresh_look_seconds(hub: Hub, verdicts: PostgresVerdicts, run_id: RunId, position: int) -> float:
    """With nothing kept. Lets go of what it folded within its time, as a look does to what others have left behind."""
    look_back = LookBack(hub.log, verdicts)
    started = time.perf_counter()
    await look_seconds(look_back, run_id, position)
    look_back.forget()
    return time.perf_counter() - started


async def measure(events: int, looks: int, seed: int) -> bool:
    gc.set_threshold(*COLLECT_EVERY)
    history = VoteHistory(runs=1)
    async with empty_hub() as hub:
        await hub.fill(history.drafts(events))
        await hub.project()
        return await _look(hub, history.runs[0], events, looks, Random(seed))


async def _look(hub: Hub, run_id: RunId, events: int, looks: int, chance: Random) -> bool:
    verdicts = PostgresVerdicts(hub.database_url)
    positions = [chance.randint(events // 50, events) for _ in range(looks)]
    kept = LookBack(hub.log, verdicts)
    fresh = [await fresh_look_seconds(hub, verdicts, run_id, position) for position in positions]
    again = [await look_seconds(kept, run_id, position) for position in positions]
    whole = [await fresh_look_seconds(hub, verdicts, run_id, events) for _ in range(3)]
    bare = [await bare_reading_seconds(hub.nats_url, events) for _ in range(3)]
    await verdicts.close()
    plain("look_with_nothing_kept_median_seconds", median(fresh))
    plain("look_with_histories_kept_median_seconds", median(again))
    plain("look_with_histories_kept_p95_seconds", quantiles(again, n=20)[-1])
    plain("whole_history_to_bare_reading", median(whole) / median(bare))
    return at_most("look_with_nothing_kept_p95_seconds", quantiles(fresh, n=20)[-1], P95_GOAL_SECONDS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--looks", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    return 0 if asyncio.run(measure(**vars(parser.parse_args()))) else 1


if __name__ == "__main__":
    sys.exit(main())
