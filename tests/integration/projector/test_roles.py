"""The roles of deploy/postgres: the projector writes, the API and the selector read and can do nothing else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from carnival.contracts.ids import Position
from carnival.postgres import open_pool
from carnival_cli.servers.installed import find_postgres
from projector.adapters.row_store import PostgresRows

ROLES: Final = Path(__file__).parents[3] / "deploy" / "postgres" / "roles.sql"
PASSWORDS: Final = {"PROJECTOR_DB_PASSWORD": "it's", "API_DB_PASSWORD": "b", "SELECTOR_DB_PASSWORD": "c"}
FORBIDDEN: Final[tuple[LiteralString, ...]] = (
    "DELETE FROM carnival.runs",
    "UPDATE carnival.checkpoint SET position = 0",
    "INSERT INTO carnival.commands SELECT * FROM carnival.commands",
    "CREATE TABLE carnival.mine (id int)",
    "CREATE TABLE public.mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "DROP SCHEMA carnival CASCADE",
    "SET ROLE carnival_projector",
)


@pytest.fixture
def roles_url(postgres_url: str) -> str:
    """A database where the roles were set up, twice, because that must do no harm."""
    psql = find_postgres() / "bin" / "psql"
    for _ in range(2):
        done = subprocess.run(
            [psql, "--no-psqlrc", "--file", ROLES, postgres_url],
            env={**os.environ, **PASSWORDS},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return postgres_url


def as_role(url: str, role: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:secret@{host}"))


async def test_the_projector_needs_no_superuser_and_the_others_can_only_read(roles_url: str) -> None:
    store = PostgresRows(as_role(roles_url, "carnival_projector"), read_role="carnival_reader")
    assert await store.open()
    assert (await store.checkpoint()).position == Position(0)
    await store.close()
    for role in ("carnival_api", "carnival_selector"):
        pool = await open_pool(as_role(roles_url, role), read_only=False, size_max=1)
        try:
            async with pool.connection() as session:
                await session.execute("SELECT * FROM runs")
                for statement in FORBIDDEN:
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        await session.execute(statement)
        finally:
            await pool.close()


async def test_a_read_model_that_is_there_already_is_opened_to_its_readers(roles_url: str) -> None:
    projector = as_role(roles_url, "carnival_projector")
    for role in (None, "carnival_reader"):
        store = PostgresRows(projector, read_role=role)
        assert await store.open()
        await store.checkpoint()
        await store.close()
    async with await psycopg.AsyncConnection.connect(as_role(roles_url, "carnival_api")) as session:
        await session.execute("SELECT * FROM carnival.candidates")
