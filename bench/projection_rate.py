"""How fast the projector folds: in memory, and from a real log into a real Postgres, against bare reading.

    python bench/projection_rate.py [--events 200000] [--runs 60] [--fold-only]

Prints one figure a line. Starts NATS and Postgres of its own and stops them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg

from carnival.contracts.envelope import Event, Metadata, Recorded
from carnival.contracts.ids import CandidateId, EventId, JobId, PipelineId, Position, RunId, VoteId, derived_id
from carnival.contracts.job import (
    Competitor,
    Decision,
    ImageProduced,
    JobRequested,
    ParentImage,
    SelectionMode,
    StoredImage,
)
from carnival.contracts.pipeline import PipelineDefined, StepDefinition
from carnival.contracts.run import RunStarted
from carnival.contracts.subjects import STREAM
from carnival.contracts.vote import Outcome, VoteCast
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import ATOMIC_BATCH_MAX, Draft, EventLog
from carnival.log.stream import ensure_stream
from carnival_cli.servers.running import running_nats, running_postgres
from projector.adapters.building_site import PostgresSite
from projector.adapters.notices import NatsNotices
from projector.application.rebuild import Rebuild, RebuildProgress
from projector.domain.fold import apply
from projector.domain.read_model import ReadModel

PIPELINE: Final = PipelineId(derived_id("pipeline"))
STEPS: Final = 4
VOTES_PER_IMAGE: Final = 18
PULL: Final = 5_000


class Writer:
    """A history of 5 % images and 90 % votes, each run a tree of four steps."""

    def __init__(self, runs: int, seed: int = 1) -> None:
        self._random = Random(seed)
        self._runs = [RunId(derived_id("run", number)) for number in range(runs)]
        self._columns: dict[RunId, list[list[CandidateId]]] = {run: [[] for _ in range(STEPS)] for run in self._runs}
        self._numbers = dict.fromkeys(self._runs, 0)

    def events(self, count: int) -> Iterator[Event]:
        yield from islice(self._all(), count)

    def _all(self) -> Iterator[Event]:
        steps = tuple(StepDefinition(order=n + 1, name=f"S{n}", slug=f"s{n}", template="{}") for n in range(STEPS))
        yield PipelineDefined(pipeline_id=PIPELINE, version=1, name="Bench", steps=steps)
        for run in self._runs:
            yield RunStarted(
                run_id=run,
                pipeline_id=PIPELINE,
                pipeline_version=1,
                pipeline_position=Position(1),
                name=run,
                folder=run,
                n=5,
                t=10,
            )
        while True:
            run = self._random.choice(self._runs)
            yield from self._image(run)
            for _ in range(VOTES_PER_IMAGE):
                vote = self._vote(self._random.choice(self._runs))
                if vote is not None:
                    yield vote

    def _image(self, run: RunId) -> Iterator[Event]:
        step = self._random.randrange(STEPS)
        while step and not self._columns[run][step - 1]:
            step -= 1
        parent = self._random.choice(self._columns[run][step - 1]) if step else None
        self._numbers[run] += 1
        number = self._numbers[run]
        job = JobId(derived_id("job", run, number))
        candidate = CandidateId(derived_id("candidate", job))
        competitors = tuple(
            Competitor(candidate_id=one, tickets=1000) for one in self._columns[run][max(0, step - 1)][:20]
        )
        yield JobRequested(
            run_id=run,
            job_id=job,
            number=number,
            step_order=step + 1,
            pool="default",
            parent=ParentImage(candidate_id=parent, place=f"{parent}.png", sha256="0" * 64) if parent else None,
            seed=number,
            random=1,
            moment_ms=1,
            decision=Decision(
                mode=SelectionMode.CHILD_GENERATION if parent else SelectionMode.BASE_GENERATION,
                policy="round_robin",
                competitors=competitors,
                read_position=Position(1),
            ),
        )
        yield ImageProduced(
            run_id=run,
            job_id=job,
            candidate_id=candidate,
            step_order=step + 1,
            parent_id=parent,
            pool="default",
            gateway="g",
            node="n",
            attempt=1,
            image=StoredImage(place=f"{run}/{candidate}.png", sha256="0" * 64, size_bytes=1, width=64, height=64),
            gpu_seconds=1.5,
        )
        self._columns[run][step].append(candidate)

    def _vote(self, run: RunId) -> VoteCast | None:
        step = self._random.randrange(STEPS)
        column = self._columns[run][step]
        if len(column) < 2:
            return None
        left, right = self._random.sample(column, 2)
        return VoteCast(
            vote_id=VoteId(f"{self._random.getrandbits(128):032x}"),
            run_id=run,
            step_order=step + 1,
            voter=self._random.choice(("ada", "bob", "eve", "mia", "tom")),
            left_id=left,
            right_id=right,
            outcome=self._random.choice(tuple(Outcome)),
            milliseconds=900,
        )


def facts(events: Sequence[Event]) -> list[Recorded[Event]]:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Recorded(
            event, Metadata(event_id=EventId(f"e{n}"), source="bench", time=now, correlation_id="c"), Position(n), "s"
        )
        for n, event in enumerate(events, 1)
    ]


def measure_fold(history: Sequence[Recorded[Event]]) -> None:
    model, voids = ReadModel(), 0
    started = time.perf_counter()
    for fact in history:
        voids += apply(model, fact) is not None
    seconds = time.perf_counter() - started
    print(f"fold_events_per_second {len(history) / seconds:.0f} (void: {voids})")


async def measure_servers(history: Sequence[Recorded[Event]]) -> None:
    with TemporaryDirectory() as folder, running_nats(Path(folder)) as nats:
        with TemporaryDirectory() as data, running_postgres(Path(data)) as postgres:
            connection = await open_connection(nats.url, "bench")
            await ensure_stream(connection)
            log = NatsEventLog(connection)
            await _fill(log, history)
            bare = await _bare_read(connection, len(history))
            print(f"bare_read_events_per_second {bare:.0f}")
            last: list[RebuildProgress] = []
            for _ in range(2):
                await Rebuild(log, PostgresSite(postgres.url), NatsNotices(connection), last.append)()
                rate = len(history) / last[-1].seconds
                print(f"rebuild_events_per_second {rate:.0f}")
                print(f"rebuild_to_bare_read_ratio {rate / bare:.3f}")
            await connection.close()


async def _fill(log: EventLog, history: Sequence[Recorded[Event]]) -> None:
    drafts = [Draft(fact.event, fact.meta) for fact in history]
    for start in range(0, len(drafts), ATOMIC_BATCH_MAX):
        await log.append_all(drafts[start : start + ATOMIC_BATCH_MAX])


async def _bare_read(connection: Client, count: int) -> float:
    """Messages a second that nats-py hands to a callback that does nothing."""
    arrived, enough, inbox = 0, asyncio.Event(), connection.new_inbox()

    async def empty(_: Msg) -> None:
        nonlocal arrived
        arrived += 1
        if arrived % PULL == 0 or arrived >= count:
            enough.set()

    config = {"name": "bare", "ack_policy": "none", "mem_storage": True, "inactive_threshold": 60_000_000_000}
    await connection.subscribe(inbox, cb=empty)
    await connection.request(
        f"$JS.API.CONSUMER.CREATE.{STREAM}.bare", json.dumps({"stream_name": STREAM, "config": config}).encode()
    )
    started = time.perf_counter()
    asked = 0
    while arrived < count:
        while asked < min(count, arrived + 2 * PULL):
            await connection.publish(
                f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.bare",
                json.dumps({"batch": PULL, "expires": 30_000_000_000}).encode(),
                reply=inbox,
            )
            asked += PULL
        enough.clear()
        await enough.wait()
    return count / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--fold-only", action="store_true")
    options = parser.parse_args()
    history = facts(list(Writer(options.runs).events(options.events)))
    measure_fold(history)
    if not options.fold_only:
        asyncio.run(measure_servers(history))


if __name__ == "__main__":
    main()
