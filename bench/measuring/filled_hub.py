"""NATS and Postgres of a benchmark's own, with a history in the log and, if wanted, its rows."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from nats.aio.client import Client

from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import ATOMIC_BATCH_MAX, Draft
from carnival.log.stream import ensure_buckets, ensure_stream
from carnival_cli.servers.running import running_nats, running_postgres
from projector.adapters.building_site import PostgresSite
from projector.adapters.notices import NatsNotices
from projector.application.rebuild import Rebuild


@dataclass(frozen=True, slots=True)
class Hub:
    """Both servers keep what they have acknowledged, as those of a real hub do."""

    nats_url: str
    database_url: str
    connection: Client

    @property
    def log(self) -> NatsEventLog:
        return NatsEventLog(self.connection)

    async def fill(self, drafts: Iterable[Draft]) -> None:
        """Append them all."""
        waiting: Iterator[Draft] = iter(drafts)
        while batch := list(islice(waiting, ATOMIC_BATCH_MAX)):
            await self.log.append_all(batch)

    async def project(self) -> None:
        """Make the rows of all events."""
        await Rebuild(self.log, PostgresSite(self.database_url), NatsNotices(self.connection), lambda _: None)()


@asynccontextmanager
async def empty_hub() -> AsyncGenerator[Hub]:
    """A hub with nothing in it while the block runs."""
    with ExitStack() as stack:
        folder, data = (Path(stack.enter_context(TemporaryDirectory())) for _ in range(2))
        nats = stack.enter_context(running_nats(folder))
        postgres = stack.enter_context(running_postgres(data))
        connection = await open_connection(nats.url, "bench")
        try:
            await ensure_stream(connection)
            await ensure_buckets(connection)
            yield Hub(nats.url, postgres.url, connection)
        finally:
            await connection.close()
