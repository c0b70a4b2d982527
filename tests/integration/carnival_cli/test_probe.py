"""Asking whether a server is there."""

from __future__ import annotations

import asyncio

from carnival_cli.probe import answers


async def test_who_does_not_speak_http_is_not_there() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert not await asyncio.to_thread(answers(f"http://127.0.0.1:{port}/healthz"))
