"""A rebuild of the read model, as the program that people start, against bare reading of the same log.

    python bench/rebuild.py [--events 1000000] [--runs 300] [--repeats 3] [--peer-events 20000] [--season 1000000]

Bare reading is nats-py handing the messages to a callback that does nothing. Bare writing is Postgres taking the rows
of the read model as it has handed them out itself, and indexing them. Each repeat measures all three, one after the
other, on the same servers; the figures are medians. Then the library `eventsourcing` does the same job in the same
Postgres, from a log of its own, on fewer events: the same rows in the same tables with the same indexes, the same
verdicts. What differs is how: it projects event by event, as it is made to.

With more events than one season it is the endurance run (`--events 5000000`): each season has runs of its own, memory
is limited to what the first one needs, and rate and memory are to stay as they were.

Prints one figure a line. Starts NATS and Postgres of its own and stops them; exits with 1 on a missed goal.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from itertools import chain
from statistics import median

from measuring.bare_reading import bare_reading_seconds
from measuring.bare_writing import bare_writing_seconds
from measuring.figures import at_least, at_most, plain
from measuring.filled_hub import Hub, empty_hub
from measuring.peer_projection import peer_rate
from measuring.rebuilding import watched_rebuild
from measuring.vote_history import VoteHistory

RATIO_GOAL = 0.65
PEER_GOAL = 100.0
RATE_KEPT_GOAL = 0.9
MEMORY_GROWTH_GOAL = 1.1
EVENTS_PER_ROW_IN_MEMORY = 6
"""The runs of one season fit into so many rows, those of two do not: the older ones rest in Postgres."""


async def measure(events: int, runs: int, repeats: int, season: int, peer_events: int) -> bool:
    async with empty_hub() as hub:
        histories = [VoteHistory(runs, seed).drafts(season) for seed in range(events // season)]
        await hub.fill(chain(*histories, VoteHistory(runs, len(histories)).drafts(events % season)))
        if len(histories) > 1:
            return await _endurance(hub, events, season)
        rate, good = await _against_bare(hub, events, repeats)
        peers = (draft.event for draft in VoteHistory(runs).drafts(peer_events))
        peer = await peer_rate(hub.database_url, peers)
        plain("eventsourcing_events_per_second", peer)
        return at_least("rebuild_to_eventsourcing", rate / peer, PEER_GOAL) and good


async def _against_bare(hub: Hub, events: int, repeats: int) -> tuple[float, bool]:
    """The rate of the rebuild, and whether it reaches its goal."""
    bare, rebuilt, written = list[float](), list[float](), list[float]()
    for _ in range(repeats):
        bare.append(await bare_reading_seconds(hub.nats_url, events))
        rebuilt.append((await watched_rebuild(hub.nats_url, hub.database_url)).seconds)
        written.append(await bare_writing_seconds(hub.database_url))
    plain("bare_reading_events_per_second", events / median(bare))
    plain("bare_writing_events_per_second", events / median(written))
    plain("rebuild_events_per_second", events / median(rebuilt))
    both = [(one + other) / whole for one, other, whole in zip(bare, written, rebuilt, strict=True)]
    plain("rebuild_to_bare_reading_and_writing", median(both))
    ratios = [one / other for one, other in zip(bare, rebuilt, strict=True)]
    return events / median(rebuilt), at_least("rebuild_to_bare_reading", median(ratios), RATIO_GOAL)


async def _endurance(hub: Hub, events: int, season: int) -> bool:
    limit = str(season // EVENTS_PER_ROW_IN_MEMORY)
    watched = await watched_rebuild(hub.nats_url, hub.database_url, PROJECTOR_ROWS_MAX=limit)
    plain("rebuild_events_per_second", events / watched.seconds)
    spans = [(start, start + season) for start in range(0, events // season * season, season)]
    for number, span in enumerate(spans, 1):
        plain(f"season_{number}_events_per_second", watched.rate(*span))
        plain(f"season_{number}_memory_mb", watched.memory_mb(*span))
    rate = watched.rate(*spans[-1]) / watched.rate(*spans[0])
    memory = watched.memory_mb(*spans[-1]) / watched.memory_mb(*spans[0])
    kept = at_least("rate_of_last_to_first_season", rate, RATE_KEPT_GOAL)
    return at_most("memory_of_last_to_first_season", memory, MEMORY_GROWTH_GOAL) and kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=300, help="of each season")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peer-events", type=int, default=20_000)
    parser.add_argument("--season", type=int, default=1_000_000, help="events until other runs take over")
    options = parser.parse_args()
    return 0 if asyncio.run(measure(**vars(options))) else 1


if __name__ == "__main__":
    sys.exit(main())
