"""What every event log promises, checked on the one in memory and on the real one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from nats.aio.msg import Msg

from carnival.contracts.envelope import Event, LogEntry, Recorded, Undecodable
from carnival.contracts.ids import Position, RunId
from carnival.contracts.run import RunChanged, RunPaused, RunResumed
from carnival.contracts.subjects import EVERYTHING, all_of_run, every_run, one_of_run
from carnival.log.errors import AppendRefused, StalePosition
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import Draft, EventLog, Expectation, StoredMessage
from carnival.testing import examples, until
from carnival.testing.memory_log import MemoryEventLog

OTHER = RunId("r2")


@pytest.fixture(params=["memory", "nats"])
def log(request: pytest.FixtureRequest) -> EventLog:
    if request.param == "memory":
        return MemoryEventLog()
    log: NatsEventLog = request.getfixturevalue("event_log")
    return log


async def collect(batches: AsyncIterator[Sequence[LogEntry]], count: int) -> list[LogEntry]:
    entries: list[LogEntry] = []
    async with asyncio.timeout(60):
        async for batch in batches:
            entries += batch
            if len(entries) >= count:
                break
    return entries


def events_of(entries: Sequence[LogEntry]) -> list[Event]:
    return [entry.event for entry in entries if isinstance(entry, Recorded)]


async def test_positions_count_from_one_without_gaps(log: EventLog) -> None:
    appended = [await log.append(event, examples.meta()) for event in examples.one_of_each()]
    assert [one.position for one in appended] == list(range(1, len(appended) + 1))
    assert await log.end() == len(appended)


async def test_every_event_comes_back_as_it_went_in(log: EventLog) -> None:
    for event in examples.one_of_each():
        await log.append(event, examples.meta(actor='Åsa "the judge"\n'))
    entries = await collect(log.read(Position(0)), len(examples.one_of_each()))
    assert events_of(entries) == examples.one_of_each()
    assert {entry.meta.actor for entry in entries if isinstance(entry, Recorded)} == {'Åsa "the judge"\n'}


async def test_an_empty_log_reads_as_nothing(log: EventLog) -> None:
    assert await log.end() == 0
    assert [batch async for batch in log.read(Position(0))] == []
    assert await log.at(Position(1)) is None


async def test_an_event_sent_twice_stands_once(log: EventLog) -> None:
    meta = examples.meta()
    first = await log.append(RunPaused(run_id=examples.RUN), meta)
    again = await log.append(RunPaused(run_id=examples.RUN), meta)
    assert (again.position, again.duplicate) == (first.position, True)
    assert await log.end() == 1


async def test_a_met_expectation_appends(log: EventLog) -> None:
    first = await log.append(RunPaused(run_id=examples.RUN), examples.meta(), expected=fresh_run())
    expected = Expectation(all_of_run(examples.RUN), first.position)
    second = await log.append(RunResumed(run_id=examples.RUN), examples.meta(), expected=expected)
    assert second.position == 2


async def test_a_stale_expectation_is_refused_and_nothing_is_appended(log: EventLog) -> None:
    await log.append(RunPaused(run_id=examples.RUN), examples.meta())
    with pytest.raises(StalePosition):
        await log.append(RunResumed(run_id=examples.RUN), examples.meta(), expected=fresh_run())
    assert await log.end() == 1


async def test_an_expectation_looks_at_its_own_run_only(log: EventLog) -> None:
    await log.append(RunPaused(run_id=OTHER), examples.meta())
    appended = await log.append(RunPaused(run_id=examples.RUN), examples.meta(), expected=fresh_run())
    assert appended.position == 2


async def test_an_own_event_behind_the_expectation_is_success(log: EventLog) -> None:
    """The server checks expectations before duplicates, so an append whose answer got lost must not look stale."""
    meta = examples.meta()
    first = await log.append(RunPaused(run_id=examples.RUN), meta, expected=fresh_run())
    again = await log.append(RunPaused(run_id=examples.RUN), meta, expected=fresh_run())
    assert (again.position, again.duplicate) == (first.position, True)


async def test_a_batch_is_appended_in_order(log: EventLog) -> None:
    drafts = [Draft(RunChanged(run_id=examples.RUN, n=n), examples.meta()) for n in range(1, 21)]
    appended = await log.append_all(drafts, expected=fresh_run())
    assert appended.position == 20
    assert events_of(await collect(log.read(Position(0)), 20)) == [draft.event for draft in drafts]


async def test_a_stale_batch_leaves_nothing_behind(log: EventLog) -> None:
    await log.append(RunPaused(run_id=examples.RUN), examples.meta())
    drafts = [Draft(RunChanged(run_id=examples.RUN, n=n), examples.meta()) for n in (1, 2)]
    with pytest.raises(StalePosition):
        await log.append_all(drafts, expected=fresh_run())
    assert await log.end() == 1


async def test_a_batch_sent_twice_stands_once(log: EventLog) -> None:
    drafts = [Draft(RunChanged(run_id=examples.RUN, n=n), examples.meta()) for n in (1, 2)]
    first = await log.append_all(drafts, expected=fresh_run())
    again = await log.append_all(drafts, expected=fresh_run())
    assert (again.position, again.duplicate) == (first.position, True)
    assert await log.end() == 2


async def test_a_batch_must_hold_something(log: EventLog) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        await log.append_all([])


async def test_single_entries_are_found(log: EventLog) -> None:
    for run in (examples.RUN, OTHER, examples.RUN):
        await log.append(RunPaused(run_id=run), examples.meta())
    paused = one_of_run(examples.RUN, RunPaused)
    assert position_of(await log.last_of(paused)) == 3
    assert position_of(await log.next_of(paused, Position(0))) == 1
    assert position_of(await log.next_of(paused, Position(1))) == 3
    assert await log.next_of(paused, Position(3)) is None
    assert position_of(await log.next_of(every_run(RunPaused), Position(1))) == 2
    assert position_of(await log.at(Position(2))) == 2
    assert await log.last_of(one_of_run(examples.RUN, RunResumed)) is None


async def test_following_starts_behind_a_position_and_sees_what_comes_later(log: EventLog) -> None:
    await log.append(RunChanged(run_id=examples.RUN, n=1), examples.meta())
    await log.append(RunChanged(run_id=examples.RUN, n=2), examples.meta())
    following = asyncio.create_task(collect(log.follow(Position(1)), 3))
    await log.append(RunChanged(run_id=examples.RUN, n=3), examples.meta())
    await log.append(RunChanged(run_id=examples.RUN, n=4), examples.meta())
    assert [entry.position for entry in await following] == [2, 3, 4]


async def test_reading_some_subjects_only(log: EventLog) -> None:
    for event in (RunPaused(run_id=examples.RUN), RunResumed(run_id=examples.RUN), RunPaused(run_id=OTHER)):
        await log.append(event, examples.meta())
    entries = [entry async for batch in log.read(Position(0), subjects=(every_run(RunPaused),)) for entry in batch]
    assert [entry.position for entry in entries] == [1, 3]


async def test_what_is_not_wanted_is_passed_over_up_to_the_end(log: EventLog) -> None:
    runs = [RunId(name) for name in ("r2", "r3", "r2", "r3", "r3", "r3")]
    for run in runs:
        await log.append(RunPaused(run_id=run), examples.meta())
    wanted = one_of_run(RunId("r2"), RunPaused)

    async def read(after: int, until: int | None = None) -> list[int]:
        reading = log.read(
            Position(after),
            batch_max=2,
            until=None if until is None else Position(until),
            wanted=lambda subject: subject == wanted,
        )
        return [entry.position async for batch in reading for entry in batch]

    assert await read(0) == [1, 3]
    assert await read(0, until=2) == [1]
    assert await read(1, until=100) == [3]
    assert await read(3) == []


async def test_a_long_log_is_read_in_batches_without_a_gap(log: EventLog) -> None:
    for start in range(0, 2000, 1000):
        changes = [RunChanged(run_id=examples.RUN, n=start + n + 1) for n in range(1000)]
        await log.append_all([Draft(change, examples.meta()) for change in changes])
    sizes: list[int] = []
    positions: list[int] = []
    async for batch in log.read(Position(0), subjects=(EVERYTHING,), batch_max=300):
        sizes.append(len(batch))
        positions += [entry.position for entry in batch]
    assert positions == list(range(1, 2001))
    assert max(sizes) <= 300


async def found_by(
    log: EventLog, after: int = 0, found_max: int = 100, looked_max: int = 100
) -> tuple[list[int], int | None]:
    """Positions of the entries that name the third run, and where to look on."""
    found = await log.search(
        Position(after), lambda message: b"r3" in message.body, found_max=found_max, looked_max=looked_max
    )
    assert all(isinstance(entry, Recorded) for entry in found.entries)
    return [entry.position for entry in found.entries], found.behind


async def test_a_search_looks_at_so_many_entries_and_says_where_to_look_on(log: EventLog) -> None:
    assert await found_by(log) == ([], None)
    for run in ("r2", "r3", "r2", "r3", "r2", "r3", "r2"):
        await log.append(RunPaused(run_id=RunId(run)), examples.meta())
    assert await found_by(log) == ([2, 4, 6], None)
    assert await found_by(log, found_max=2) == ([2, 4], 4)
    assert await found_by(log, looked_max=3) == ([2], 3)
    assert await found_by(log, after=4, looked_max=3) == ([6], None)
    assert await found_by(log, after=7) == ([], None)


async def test_a_search_decodes_what_it_finds_only(log: EventLog) -> None:
    for run in (OTHER, examples.RUN, OTHER):
        await log.append(RunPaused(run_id=run), examples.meta())
        await log.append(RunResumed(run_id=run), examples.meta())
    seen: list[tuple[Position, str, str, bytes]] = []

    def sieve(message: StoredMessage) -> bool:
        seen.append((message.position, message.subject, message.headers["ce-type"], message.body))
        return len(seen) == 2

    pauses = (every_run(RunPaused),)
    found = await log.search(Position(0), sieve, subjects=pauses, found_max=100, looked_max=100)
    assert events_of(found.entries) == [RunPaused(run_id=examples.RUN)]
    assert [(position, kind) for position, _, kind, _ in seen] == [
        (1, "carnival.RunPaused.v1"),
        (3, "carnival.RunPaused.v1"),
        (5, "carnival.RunPaused.v1"),
    ]
    assert seen[0][1] == one_of_run(OTHER, RunPaused)
    assert b'"r2"' in seen[0][3]


async def test_the_log_says_how_long_ago_it_took_an_entry(log: EventLog) -> None:
    began = time.monotonic()
    await log.append(RunPaused(run_id=examples.RUN), examples.meta())
    await until(lambda: time.monotonic() - began > 0.05)
    age = await log.age_of(Position(1))
    assert age is not None
    assert timedelta(0) < age <= timedelta(seconds=time.monotonic() - began + 1)
    assert await log.age_of(Position(2)) is None


async def test_a_batch_whose_last_event_stands_there_already_writes_nothing(log: EventLog) -> None:
    known = Draft(RunPaused(run_id=examples.RUN), examples.meta())
    await log.append(known.event, known.meta)
    appended = await log.append_all([Draft(RunResumed(run_id=examples.RUN), examples.meta()), known])
    assert (appended.position, appended.duplicate, await log.end()) == (1, True, 1)


async def test_an_event_too_large_is_refused_with_a_reason(event_log: NatsEventLog) -> None:
    with pytest.raises(AppendRefused):
        await event_log.append(RunPaused(run_id=examples.RUN, reason="x" * 20_000_000), examples.meta())


def fresh_run() -> Expectation:
    return Expectation(all_of_run(examples.RUN), Position(0))


def position_of(entry: LogEntry | None) -> int | None:
    return entry.position if isinstance(entry, Recorded | Undecodable) else None


@pytest.mark.parametrize("reply", [b"", b"{}", b'{"seq":7}', b'{"stream":"OTHER","seq":7}', b"[1]", b"\xff"])
async def test_a_listener_that_replies_cannot_pass_for_the_log(event_log: NatsEventLog, reply: bytes) -> None:
    """A plain subscriber sees an append on its way and may answer it before the stream does, each time."""

    async def meddle(message: Msg) -> None:
        await message.respond(reply)

    listening = await event_log.connection.subscribe(every_run(RunPaused), cb=meddle)
    for times in range(1, 21):
        appended = await event_log.append(RunPaused(run_id=examples.RUN), examples.meta())
        assert (appended.position, appended.duplicate) == (times, False)
    await listening.unsubscribe()


async def test_appends_at_once_each_get_their_own_answer(event_log: NatsEventLog) -> None:
    events = [RunPaused(run_id=examples.RUN) for _ in range(50)]
    appended = await asyncio.gather(*(event_log.append(event, examples.meta()) for event in events))
    assert sorted(one.position for one in appended) == list(range(1, 51))
