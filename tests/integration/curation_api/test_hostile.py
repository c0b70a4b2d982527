"""Slow, huge and mean requests are cut off, refused or harmless; others do not notice."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest
from integration.curation_api.hub import Hub, problem, step

from carnival.contracts.ids import RunId
from carnival.contracts.run import RunPaused
from carnival.log.port import Draft
from carnival.testing import examples, until
from curation_api.adapters.http import boundary
from curation_api.adapters.http.connection import GuardedProtocol

PATIENCE = 60
DEEP = 100_000


@asynccontextmanager
async def line_to(
    hub: Hub, receive_buffer: int | None = None
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A bare connection to the API."""
    raw = socket.socket()
    if receive_buffer:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_connect(raw, (hub.http.base_url.host, hub.http.base_url.port))
        reader, writer = await asyncio.open_connection(sock=raw, limit=4096)
    except BaseException:
        raw.close()
        raise
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer_on(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side closes."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.read(-1)
        except ConnectionResetError:
            return b""


async def test_a_head_that_does_not_end_is_cut_off(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GuardedProtocol, "head_seconds_max", 1.0)
    async with line_to(hub) as (reader, writer), line_to(hub) as (silent, _):
        writer.write(b"GET /api/runs HTTP/1.1\r\nHost: localhost\r\nX-One: ")
        dripping = asyncio.create_task(_drip(writer))
        assert (await hub.http.get("/api/runs")).status_code == 200
        for line in (reader, silent):
            head, _, body = (await answer_on(line)).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 408 ")
            assert json.loads(body)["type"] == "/problems/request-slow"
        dripping.cancel()


async def _drip(writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"a")
        await asyncio.sleep(0.05)


async def test_a_body_that_does_not_come_is_cut_off(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary, "BODY_SECONDS_MAX", 1.0)
    async with line_to(hub) as (reader, writer):
        writer.write(
            b"POST /api/pipelines HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\n"
            b'content-length: 100000\r\n\r\n{"name": "'
        )
        dripping = asyncio.create_task(_drip(writer))
        head, _, body = (await answer_on(reader)).partition(b"\r\n\r\n")
        dripping.cancel()
    assert head.startswith(b"HTTP/1.1 408 ")
    assert json.loads(body)["type"] == "/problems/request-slow"


async def test_a_head_without_measure_is_refused(hub: Hub) -> None:
    async with line_to(hub) as (reader, writer):
        writer.write(b"GET /api/runs HTTP/1.1\r\nHost: localhost\r\n" + b"X-Much: " + b"x" * 500_000)
        assert (await answer_on(reader))[:13] in {b"HTTP/1.1 431 ", b""}


async def test_who_does_not_listen_is_cut_off_alone_and_comes_back_where_it_stood(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[GuardedProtocol] = []
    forget = GuardedProtocol.connection_lost

    def noticed(connection: GuardedProtocol, exc: Exception | None) -> None:
        lost.append(connection)
        forget(connection, exc)

    monkeypatch.setattr(GuardedProtocol, "unread_seconds_max", 2.0)
    monkeypatch.setattr(GuardedProtocol, "connection_lost", noticed)
    run_id = await hub.run()
    start = await hub.log.end()
    async with (
        line_to(hub, receive_buffer=4096) as (deaf, writer),
        hub.http.stream("GET", "/api/changes", params={"after": start}, timeout=PATIENCE) as attentive,
    ):
        writer.write(f"GET /api/changes?after={start} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert b"text/event-stream" in await deaf.readuntil(b"\r\n\r\n")
        await _much(hub, run_id)
        end = await hub.log.end()
        assert await _ids(attentive, end) == list(range(start + 1, end + 1))
        await until(lambda: bool(lost), seconds=PATIENCE, what="the deaf listener to be cut off")
    resumed = {"Last-Event-ID": str(start + 3)}
    async with hub.http.stream("GET", "/api/changes", headers=resumed, timeout=PATIENCE) as again:
        assert await _ids(again, end) == list(range(start + 4, end + 1))


async def _much(hub: Hub, run_id: RunId) -> None:
    """More than any buffer on the way takes: 16 MB."""
    for _ in range(16):
        await hub.log.append_all(
            [Draft(RunPaused(run_id=run_id, reason="x" * 20_000), examples.meta()) for _ in range(50)]
        )


async def _ids(stream: httpx.Response, last: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(PATIENCE):
        async for line in stream.aiter_lines():
            if line.startswith("id: "):
                found.append(int(line[4:]))
                if found[-1] >= last:
                    break
    return found


BOMBS: dict[str, bytes] = {
    "lists": b"[" * DEEP,
    "objects": b'{"name":' * DEEP,
    "closed": b'{"pipeline_id": "p", "variables": {"x": ' + b"[" * DEEP + b"]" * DEEP + b"}}",
    "a huge number": b'{"pipeline_id": "p", "n": ' + b"9" * 100_000 + b"}",
    "an infinite one": b'{"pipeline_id": "p", "n": 1e999}',
    "no number": b'{"pipeline_id": "p", "n": NaN, "variables": {"x": -Infinity}}',
    "no UTF-8": b'{"pipeline_id": "p", "name": "\xff\xfe"}',
    "UTF-16": '{"pipeline_id": "none"}'.encode("utf-16"),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
async def test_a_mean_body_is_refused_in_words(hub: Hub, bomb: bytes) -> None:
    for path in ("/api/runs", "/api/pipelines", "/api/votes", "/api/workflows/inspect"):
        for key in ({}, {"Idempotency-Key": "k"}):
            headers = {"content-type": "application/json", **key}
            answer = await hub.http.post(path, content=bomb, headers=headers)
            assert answer.status_code in {400, 404, 409, 422}, (path, answer.text[:300])
            assert answer.headers["content-type"] == "application/problem+json"
    assert (await hub.http.get("/api/runs")).status_code == 200


async def test_a_body_of_very_many_values_is_refused_before_it_is_read(hub: Hub) -> None:
    for body in (b'{"variables": {"x": [' + b"0," * 200_000 + b"0]}}", b"{" + b'"k": 1,' * 200_000 + b'"k": 1}'):
        for path in ("/api/runs", "/api/votes", "/api/pipelines"):
            answer = await hub.http.post(path, content=body, headers={"content-type": "application/json"})
            problem(answer, 413, "too-large")


async def test_a_body_of_few_values_may_have_any_commas_in_its_texts(hub: Hub) -> None:
    pipeline_id = await hub.pipeline()
    prompt = 'soft light, 35 mm, "grain", \\, ' * 40_000
    body = {"pipeline_id": pipeline_id, "variables": {"notes": prompt}}
    run_id = (await hub.http.post("/api/runs", json=body)).raise_for_status().json()["id"]
    assert (await hub.http.get(f"/api/runs/{run_id}")).json()["variables"]["notes"] == prompt


@pytest.mark.parametrize(
    "odd", [b"\x16\x03\x01\x00\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded: c\r\n\r\n"]
)
async def test_what_is_no_http_is_refused_as_everything_else_is(hub: Hub, odd: bytes) -> None:
    async with line_to(hub) as (reader, writer):
        writer.write(odd)
        head, _, body = (await answer_on(reader)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["type"] == "/problems/bad-request"


@pytest.mark.parametrize("text", ["[" * DEEP, '{"a":' * DEEP, '{"1": {"inputs": ' + "[" * 50_000 + "]" * 50_000 + "}}"])
async def test_a_template_that_is_a_bomb_is_no_workflow(hub: Hub, text: str) -> None:
    for path, body in (
        ("/api/pipelines", {"name": "P", "steps": [step(1, "A", template=text)]}),
        ("/api/workflows/inspect", {"workflow": text}),
    ):
        answer = await hub.http.post(path, json=body)
        assert answer.status_code in {409, 422}, (path, answer.text[:300])


async def test_names_break_out_of_no_header(hub: Hub) -> None:
    mean = 'x"; filename=evil.html\r\nSet-Cookie: a=b\r\n\r\n<script>'
    answer = await hub.http.post("/api/pipelines", json={"name": mean, "steps": [step(1, "<b>")]})
    pipeline_id = answer.json()["id"] if answer.status_code == 201 else await hub.pipeline(name=mean[:20])
    run_id = await hub.run(pipeline_id, name="<svg onload=x>\"'; é")
    image = await hub.image(run_id)
    for path in (
        f"/api/candidates/{image}/image?download=true",
        f"/api/exports/images?run_id={run_id}",
        f"/api/exports/preferences?run_id={run_id}",
    ):
        sent = await hub.http.get(path)
        assert sent.status_code == 200, sent.text
        disposition = sent.headers["content-disposition"]
        assert disposition.isascii()
        assert set("<>\r\n;'") & set(disposition.partition("filename=")[2]) == set()
        assert "set-cookie" not in sent.headers
        assert sent.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in sent.headers["content-security-policy"]
    odd = await hub.http.get("/api/runs", headers={"Carnival-Correlation": "a\tb<script>"})
    assert "<" not in odd.headers["carnival-correlation"]


async def test_addresses_that_are_no_text_are_refused(hub: Hub) -> None:
    for path in ("/api/runs/%ff%fe", "/api/candidates/%00/image", "/api/runs?status=%ff", "/%c0%ae%c0%ae/etc/passwd"):
        assert 400 <= (await hub.http.get(path)).status_code < 500
