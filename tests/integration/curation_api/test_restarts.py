"""Postgres goes away under the API, or lets nobody in, and comes back: everything says so, and goes on by itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from fixtures.mortal import MortalServer
from integration.curation_api.hub import problem, running_hub

from carnival.testing import until
from carnival_cli.servers.postgres import DATABASE, PostgresServer

BACK_SECONDS = 60
PUT_OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"

Outage = Callable[[MortalServer], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def killed(postgres: MortalServer) -> AsyncGenerator[None]:
    postgres.kill()
    yield
    await postgres.start()


@asynccontextmanager
async def closed(postgres: MortalServer) -> AsyncGenerator[None]:
    """Whoever is in is put out, and nobody else comes in."""
    assert isinstance(postgres.server, PostgresServer)
    async with await psycopg.AsyncConnection.connect(postgres.server.url_of("postgres"), autocommit=True) as door:
        await door.execute(f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS false")
        await door.execute(PUT_OUT, (DATABASE,))
        yield
        await door.execute(f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS true")


@pytest.mark.parametrize("outage", [killed, closed], ids=["away", "closed"])
async def test_requests_are_refused_in_words_while_postgres_is_out_and_answered_when_it_is_back(
    outage: Outage, mortal_postgres: MortalServer, nats_url: str, tmp_path: Path
) -> None:
    async with running_hub(nats_url, mortal_postgres.url, tmp_path) as hub:
        run_id = await hub.run()
        async with outage(mortal_postgres):
            problem(await hub.http.get(f"/api/runs/{run_id}"), 503, "read-model-unavailable")
            problem(await hub.http.post(f"/api/runs/{run_id}/pause", json={}), 503, "read-model-unavailable")
            ready = await hub.http.get("/health/ready")
            assert (ready.status_code, list(ready.json()["problems"])) == (503, ["postgres"])

        async def paused() -> bool:
            await hub.http.post(f"/api/runs/{run_id}/pause", json={})
            answer = await hub.http.get(f"/api/runs/{run_id}")
            return answer.status_code == 200 and answer.json()["paused"]

        await until(paused, BACK_SECONDS, "a command that is taken and shown")
        assert (await hub.http.get("/health/ready")).status_code == 200
