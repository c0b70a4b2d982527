"""Votes over 16 connections: how many, how fast, and whether each acknowledged one is in the log after any kill.

    python bench/votes.py [--rate 500] [--connections 16] [--seconds 15] [--rounds 1]

First as many answers as go, of an empty endpoint and of votes on the same server; then `--rate` votes a second. Then
each process of the stack is killed by SIGKILL, `--rounds` times, while votes flow and are sent again under their keys
until they are acknowledged; and the log is counted. Prints one figure a line, exits with 1 on a missed goal or a
breach.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.stack import Stack, running_stack
from measuring.ballots import ballots, images_to_vote_on
from measuring.figures import at_least, at_most, plain
from measuring.http_line import Answer, HttpLine
from measuring.vote_load import as_many_as_go, at_a_rate, opened_lines, voting
from measuring.votes_under_kills import Flow, breaches_of, kill_each

SHARE_GOAL = 0.5
P99_GOAL_MS = 50.0
SPREAD_GOAL = 15.0
WARM_SECONDS = 2.0


async def empty(line: HttpLine) -> Answer:
    return await line.get("/health/live")


async def speed(stack: Stack, images: list[str], options: argparse.Namespace) -> bool:
    vote = voting(ballots(images))
    async with opened_lines(stack, options.connections) as lines:
        await as_many_as_go(lines, vote, WARM_SECONDS)
        bare = await as_many_as_go(lines, empty, options.seconds)
        most = await as_many_as_go(lines, vote, options.seconds)
        times = await at_a_rate(lines, vote, options.rate, options.seconds)
    plain("empty_answers_per_second", bare)
    plain("votes_per_second", most)
    cuts = quantiles(times, n=100)
    plain("vote_p50_ms", cuts[49])
    return all(
        [
            at_least("votes_to_empty_answers", most / bare, SHARE_GOAL),
            at_most("vote_p99_ms", cuts[98], P99_GOAL_MS),
            at_most("vote_p99_to_p50", cuts[98] / cuts[49], SPREAD_GOAL),
        ]
    )


async def safety(stack: Stack, images: list[str], options: argparse.Namespace) -> bool:
    flow = Flow(ballots(images), voter_prefix="killed ")
    async with opened_lines(stack, options.connections) as lines, flow.running(lines):
        standstills = await kill_each(stack, flow, options.rounds)
    for name, seconds in standstills.items():
        plain(f"without_a_vote_after_{name}_seconds", seconds)
    plain("votes_under_kills", len(flow.acknowledged))
    breaches = await breaches_of(stack, flow)
    for breach in breaches:
        print(f"BREACH {breach}")
    return at_most("breaches", len(breaches), 0)


async def main(options: argparse.Namespace) -> bool:
    async with running_stack() as stack:
        images = await images_to_vote_on(stack)
        fast = await speed(stack, images, options)
        return await safety(stack, images, options) and fast


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=500, help="votes a second")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=15, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=1, help="kills of each process")
    sys.exit(0 if asyncio.run(main(parser.parse_args())) else 1)
