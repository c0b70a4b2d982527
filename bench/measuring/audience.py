"""Many listeners to the stream of changes, in a process of their own (`listening_process.py`), and what they heard."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from fixtures.stack import Stack

from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position
from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog

READY_SECONDS: Final = 180.0
LINE_BYTES_MAX: Final = 2**24
PROGRAM: Final = Path(__file__).with_name("listening_process.py")


@dataclass(frozen=True, slots=True)
class Report:
    """`wrong`: listeners that missed a change or heard one twice. The delay is from an event's time to a listener."""

    changes: int
    wrong: int
    delay_p99_ms: float


@dataclass(slots=True)
class Audience:
    """Listeners at work."""

    NOTICES: ClassVar[str] = "notice=progress&notice=fleet&notice=projected"

    stack: Stack
    process: asyncio.subprocess.Process
    start: int

    async def end(self) -> Report:
        """What they heard up to the end of the log."""
        connection = await open_connection(self.stack.state()["nats_url"], "bench")
        try:
            log = NatsEventLog(connection)
            end, moments = await log.end(), dict[int, float]()
            async for batch in log.read(Position(self.start)):
                moments |= {one.position: one.meta.time.timestamp() for one in batch if isinstance(one, Recorded)}
        finally:
            await connection.close()
        asked = json.dumps({"end": end, "moments": moments}) + "\n"
        out, _ = await asyncio.wait_for(self.process.communicate(asked.encode()), READY_SECONDS)
        return Report(**json.loads(out))


@asynccontextmanager
async def listening(stack: Stack, count: int, query: str) -> AsyncGenerator[Audience]:
    """Listeners from the end of the log on, all connected."""
    start = (await stack.get("/api/status"))["log_position"]
    token = (stack.data / "operator-token").read_text().strip()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PROGRAM), stack.state()["api_url"], token, str(count), str(start), query),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES_MAX,
    )
    try:
        assert process.stdout is not None
        assert (await asyncio.wait_for(process.stdout.readline(), READY_SECONDS)).strip() == b"ready"
        yield Audience(stack, process, start)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
