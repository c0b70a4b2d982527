"""The projector's own connection, and what its failures mean."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final

import psycopg
from psycopg import AsyncConnection, errors

from projector.adapters.loading import Connection
from projector.application.ports import StoreUnavailable, Unwritable

CONNECT_TIMEOUT_SECONDS: Final = 5
STATEMENT_TIMEOUT_MS: Final = 60_000
LOCK_TIMEOUT_MS: Final = 30_000
ANSWER_TIMEOUT_SECONDS: Final = 90.0

_REFUSED: Final = (psycopg.DataError, psycopg.IntegrityError, errors.StatementTooComplex, errors.ProgramLimitExceeded)


async def connect(
    url: str,
    schema: str,
    *,
    name: str = "projector",
    statement_timeout_ms: int = STATEMENT_TIMEOUT_MS,
    lock_timeout_ms: int = LOCK_TIMEOUT_MS,
) -> Connection:
    """An autocommit connection whose unqualified names mean `schema`. Raises StoreUnavailable.

    Commits do not wait for the disk: what a crash takes from the read model, it takes from the checkpoint as well, and
    both are folded again. Days and times are UTC, so that rows have one spelling.
    """
    settings = {
        "search_path": schema,
        "statement_timeout": statement_timeout_ms,
        "lock_timeout": lock_timeout_ms,
        "synchronous_commit": "off",
        "TimeZone": "UTC",
    }
    async with store_errors():
        return await AsyncConnection.connect(
            url,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name=name,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=20_000,
            options=" ".join(f"-c {key}={value}" for key, value in settings.items()),
        )


async def close(connection: Connection | None) -> None:
    """Give a connection back, whatever state it is in."""
    if connection is not None:
        with suppress(psycopg.Error, OSError):
            await connection.close()


@asynccontextmanager
async def store_errors(seconds: float = ANSWER_TIMEOUT_SECONDS) -> AsyncGenerator[None]:
    """Errors of the driver become the application's: refused values, or a store that is not there. Bounded in time."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except _REFUSED as error:
        raise Unwritable(_words(error)) from error
    except TimeoutError as error:
        raise StoreUnavailable(f"no answer within {seconds:.0f} s") from error
    except (psycopg.Error, OSError) as error:
        raise StoreUnavailable(_words(error)) from error


def _words(error: BaseException) -> str:
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return f"{type(error).__name__}: {primary or ' '.join(str(error).split())}"[:400]
