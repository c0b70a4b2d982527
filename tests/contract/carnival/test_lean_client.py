"""The lean client reads what nats-py reads, only sooner."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import aclosing
from itertools import cycle

import nats
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from structlog.testing import capture_logs

from carnival.concurrency import end_tasks
from carnival.contracts.envelope import LogEntry
from carnival.contracts.ids import Position
from carnival.contracts.run import RunPaused, RunResumed
from carnival.log import pulling
from carnival.log.connection import open_connection
from carnival.log.lean_client import LeanClient, headers_of
from carnival.log.nats_log import NatsEventLog
from carnival.testing import examples, until

NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=":"), min_size=1)
VALUES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])).map(str.strip)

Read = tuple[str, str, Mapping[str, str], bytes]


@given(st.dictionaries(NAMES, VALUES))
def test_headers_are_those_that_nats_py_finds(headers: dict[str, str]) -> None:
    block = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n"
    found = Client._parse_header_lines(block)  # pyright: ignore[reportPrivateUsage]
    assert headers_of(b"NATS/1.0\r\n" + block) == found == headers


MESSAGES = st.lists(
    st.tuples(st.sampled_from([b"", b"a: b\r\n", b"a: b\r\nc: MSG 1\r\n"]), st.binary(max_size=40)), max_size=8
)


@given(MESSAGES, st.lists(st.integers(1, 60), min_size=1))
def test_messages_arrive_the_same_however_their_bytes_are_cut(
    messages: list[tuple[bytes, bytes]], sizes: list[int]
) -> None:
    sent, expected = b"", list[Read]()
    for number, (lines, body) in enumerate(messages):
        block = b"NATS/1.0\r\n" + lines + b"\r\n"
        sent += b"HMSG s.%d 1 back %d %d\r\n%s%s\r\n" % (number, len(block), len(block + body), block, body)
        sent += b"HMSG s 1 back 16 16\r\nNATS/1.0 100\r\n\r\n\r\n" + b"MSG s 1 2\r\nhi\r\n+OK\r\n" * (number % 2)
        expected.append((f"s.{number}", "back", headers_of(block), body))
    assert asyncio.run(_read_in_pieces(sent, sizes)) == expected


async def _read_in_pieces(sent: bytes, sizes: list[int]) -> list[Read]:
    """Of a client that is connected to nobody; what has no number is left out."""
    client, read = LeanClient(), list[Read]()

    def take(subject: str, reply: str, headers: Mapping[str, str], body: bytes) -> None:
        read.append((subject, reply, headers, body))

    client._subs[1] = Subscription(client, 1)  # pyright: ignore[reportPrivateUsage]
    client._takers[1] = (take, None)  # pyright: ignore[reportPrivateUsage]
    start = 0
    for size in cycle(sizes):
        if start >= len(sent):
            break
        await client._ps.parse(sent[start : start + size])  # pyright: ignore[reportPrivateUsage]
        start += size
    return [message for message in read if message[0] != "s"]


async def test_every_message_arrives_as_at_an_ordinary_subscription(nats_url: str) -> None:
    read, ordinary = list[Read](), list[Read]()

    def take(subject: str, reply: str, headers: Mapping[str, str], body: bytes) -> None:
        read.append((subject, reply, headers, body))

    async def keep(message: Msg) -> None:
        ordinary.append((message.subject, message.reply, message.headers or {}, message.data))

    lean = await open_connection(nats_url, "lean")
    assert isinstance(lean, LeanClient)
    try:
        listening = await lean.subscribe_bare("small.*", take)
        await lean.subscribe("small.*", cb=keep)
        await lean.publish("small.bare", b"")
        await lean.publish("small.one", b"\r\nMSG 1\r\n", reply="back", headers={"a": "b: c", "d": "ä"})
        await lean.publish("small.status", b"", headers={"Status": "408", "Description": "Request Timeout"})
        await lean.publish("small.large", b"x" * 200_000, headers={"n": "1"})
        await until(lambda: len(ordinary) == 4)
        assert read == ordinary
        await listening.unsubscribe()
        await lean.publish("small.late", b"")
        await until(lambda: len(ordinary) == 5)
        assert len(read) == 4
    finally:
        await lean.close()


async def test_what_was_said_before_a_flush_is_done_after_it(nats_url: str) -> None:
    listener, speaker = await open_connection(nats_url, "listener"), await open_connection(nats_url, "speaker")
    try:
        for number in range(200):
            subscription = await listener.subscribe(f"flushed.{number}")
            await listener.flush()
            await speaker.publish(f"flushed.{number}", b"")
            await subscription.next_msg(5)
    finally:
        await listener.close()
        await speaker.close()


async def test_the_log_reads_the_same_over_an_ordinary_connection(event_log: NatsEventLog, nats_url: str) -> None:
    for event in examples.one_of_each():
        await event_log.append(event, examples.meta(actor="Zoë"))
    ordinary = await nats.connect(nats_url)
    try:
        other = [entry async for batch in NatsEventLog(ordinary).read(Position(0)) for entry in batch]
    finally:
        await ordinary.close()
    assert [entry async for batch in event_log.read(Position(0)) for entry in batch] == other


async def test_a_reader_that_was_held_up_does_not_take_that_for_silence(
    event_log: NatsEventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Heartbeats come every second."""
    monkeypatch.setattr(pulling, "SILENCE_MAX_SECONDS", 1.5)
    followed = list[LogEntry]()

    async def follow() -> None:
        async with aclosing(event_log.follow(Position(0))) as batches:
            async for batch in batches:
                followed.extend(batch)

    with capture_logs() as logs:
        following = asyncio.create_task(follow())
        await event_log.append(RunPaused(run_id=examples.RUN), examples.meta())
        await until(lambda: followed)
        for _ in range(2):
            _hold_up(1.6)
            await asyncio.sleep(0)
        await event_log.append(RunResumed(run_id=examples.RUN), examples.meta())
        await until(lambda: len(followed) == 2)
        await end_tasks([following])
    assert [log for log in logs if log["action"] == "reader_restarts"] == []


def _hold_up(seconds: float) -> None:
    time.sleep(seconds)
