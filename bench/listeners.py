"""Votes while 2,000 listeners hear of each: none may miss one or hear one twice, and voters should not notice.

    python bench/listeners.py [--listeners 2000] [--rate 100] [--seconds 20]

First votes at a rate without listeners, then the same with them, then with them and the short-lived messages as well.
Listeners read in a process of their own, which says what each has heard. Prints one figure a line, exits with 1 on a
missed goal.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.stack import Stack, running_stack
from measuring.audience import Audience, listening
from measuring.ballots import ballots, images_to_vote_on
from measuring.figures import at_most, plain
from measuring.vote_load import Send, at_a_rate, opened_lines, voting

CONNECTIONS = 16
WARM_SECONDS = 2.0
HEARD_P99_GOAL_MS = 1000.0


async def paced(stack: Stack, vote: Send, options: argparse.Namespace, name: str) -> float:
    """The p99 of votes in ms."""
    async with opened_lines(stack, CONNECTIONS) as lines:
        await at_a_rate(lines, vote, options.rate, WARM_SECONDS)
        times = await at_a_rate(lines, vote, options.rate, options.seconds)
    p99 = quantiles(times, n=100)[98]
    plain(f"vote_p50_ms_{name}", median(times))
    plain(f"vote_p99_ms_{name}", p99)
    return p99


async def heard(stack: Stack, vote: Send, options: argparse.Namespace, alone: float, notices: str) -> bool:
    """The same with listeners, and what they heard."""
    name = "with_notices" if notices else "with_listeners"
    async with listening(stack, options.listeners, notices) as audience:
        p99 = await paced(stack, vote, options, name)
        report = await audience.end()
    plain(f"vote_p99_{name}_to_without", p99 / alone)
    plain(f"changes_{name}", report.changes)
    return all(
        [
            at_most(f"listeners_{name}_that_missed_or_doubled", report.wrong, 0),
            at_most(f"heard_p99_ms_{name}", report.delay_p99_ms, HEARD_P99_GOAL_MS),
        ]
    )


async def main(options: argparse.Namespace) -> bool:
    async with running_stack() as stack:
        vote = voting(ballots(await images_to_vote_on(stack)))
        alone = await paced(stack, vote, options, "without")
        return all([await heard(stack, vote, options, alone, notices) for notices in ("", Audience.NOTICES)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listeners", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=100, help="votes a second")
    parser.add_argument("--seconds", type=float, default=20, help="length of each measurement")
    sys.exit(0 if asyncio.run(main(parser.parse_args())) else 1)
