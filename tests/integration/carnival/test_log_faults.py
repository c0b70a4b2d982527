"""The log under faults of its server: killed, restarted, a line that drops messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from fixtures.mortal import MortalServer

from carnival.contracts.envelope import LogEntry
from carnival.contracts.ids import Position
from carnival.contracts.run import RunChanged
from carnival.contracts.subjects import STREAM
from carnival.log.connection import open_connection
from carnival.log.errors import AppendRefused, StreamLacksGuarantee
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import ensure_buckets, ensure_stream
from carnival.testing import examples, until
from carnival_cli.servers.nats import NatsServer
from carnival_cli.servers.ports import free_ports


@pytest.fixture
async def log(mortal_nats: MortalServer) -> AsyncGenerator[NatsEventLog]:
    connection = await open_connection(mortal_nats.url, "test")
    await ensure_stream(connection)
    yield NatsEventLog(connection)
    await connection.close()


def change(n: int) -> RunChanged:
    return RunChanged(run_id=examples.RUN, n=n)


async def test_a_reader_goes_on_behind_a_killed_server_without_gap_or_double(
    mortal_nats: MortalServer, log: NatsEventLog
) -> None:
    seen: list[LogEntry] = []

    async def follow() -> None:
        async for batch in log.follow(Position(0)):
            seen.extend(batch)

    following = asyncio.create_task(follow())
    for n in range(1, 21):
        await log.append(change(n), examples.meta())
    await until(lambda: len(seen) == 20, what="the first twenty")
    mortal_nats.kill()
    await mortal_nats.start()
    for n in range(21, 41):
        await log.append(change(n), examples.meta())
    await until(lambda: len(seen) == 40, seconds=20, what="all forty")
    following.cancel()
    assert [entry.position for entry in seen] == list(range(1, 41))


async def test_a_reader_whose_consumer_is_forgotten_starts_another_one_behind_its_position(log: NatsEventLog) -> None:
    seen: list[LogEntry] = []

    async def follow() -> None:
        async for batch in log.follow(Position(0)):
            seen.extend(batch)

    following = asyncio.create_task(follow())
    await log.append(change(1), examples.meta())
    await until(lambda: len(seen) == 1, what="the first")
    jetstream = log.connection.jetstream()
    for consumer in await jetstream.consumers_info(STREAM):
        await jetstream.delete_consumer(STREAM, consumer.name)
    await log.append(change(2), examples.meta())
    await until(lambda: len(seen) == 2, seconds=10, what="the second")
    following.cancel()
    assert [entry.position for entry in seen] == [1, 2]


async def test_an_append_during_an_outage_is_done_once_when_the_server_is_back(
    mortal_nats: MortalServer, log: NatsEventLog
) -> None:
    await log.append(change(1), examples.meta())
    mortal_nats.kill()
    appending = asyncio.create_task(log.append(change(2), examples.meta()))
    await mortal_nats.start()
    appended = await asyncio.wait_for(appending, 25)
    assert appended.position == 2
    assert await log.end() == 2


async def test_every_acknowledged_event_outlives_a_killed_server(mortal_nats: MortalServer, log: NatsEventLog) -> None:
    acknowledged = [(await log.append(change(n), examples.meta())).position for n in range(1, 101)]
    mortal_nats.kill()
    await mortal_nats.start()
    entries = [entry async for batch in log.read(Position(0)) for entry in batch]
    assert [entry.position for entry in entries] == acknowledged


async def test_a_stream_of_another_making_stops_the_service(mortal_nats: MortalServer) -> None:
    connection = await open_connection(mortal_nats.url, "test")
    await connection.jetstream().add_stream(name="CARNIVAL", subjects=["carnival.events.>"], max_age=3600)
    with pytest.raises(StreamLacksGuarantee, match="never expire"):
        await ensure_stream(connection)
    await connection.close()


async def test_setting_up_twice_changes_nothing(log: NatsEventLog, mortal_nats: MortalServer) -> None:
    await log.append(change(1), examples.meta())
    connection = await open_connection(mortal_nats.url, "second")
    for _ in range(2):
        await ensure_stream(connection)
        await ensure_buckets(connection)
    assert await NatsEventLog(connection).end() == 1
    await connection.close()


async def test_a_full_log_refuses_in_words_keeps_what_it_has_and_takes_more_when_there_is_room(
    tmp_path: Path, broken_lines: None
) -> None:
    ports = free_ports(2)
    tight, roomy = (
        MortalServer(NatsServer(tmp_path / "nats", *ports, storage=f"max_file_store: {room}"))
        for room in ("1MB", "100MB")
    )
    await tight.start()
    connection = await open_connection(tight.url, "test")
    log, acknowledged = NatsEventLog(connection), list[Position]()
    long = examples.run_started(prompt="".join(chr(0x4E00 + number * 7 % 20_000) for number in range(30_000)))
    try:
        await ensure_stream(connection)
        with pytest.raises(AppendRefused, match="insufficient resources"):
            for _ in range(100):
                acknowledged.append((await log.append(long, examples.meta())).position)
        assert await log.end() == acknowledged[-1]
        tight.kill()
        await roomy.start()
        acknowledged.append((await log.append(long, examples.meta())).position)
        assert await log.end() == acknowledged[-1] == len(acknowledged)
    finally:
        await connection.close()
        tight.kill()
        roomy.kill()
