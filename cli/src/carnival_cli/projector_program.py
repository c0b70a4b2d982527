"""The projector's programs for operators, run beside the live one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final, cast

from carnival_cli.child import module_program, popen_arguments
from carnival_cli.exits import CommandFailed
from carnival_cli.up.state import UpState

END_SECONDS: Final = 5.0
ERROR_CHARACTERS: Final = 1500


async def digest(state: UpState) -> dict[str, Any]:
    """The digest of the live read model. Raises CommandFailed."""
    lines = [line async for line in projector_lines(state, "digest")]
    if not lines:
        raise CommandFailed("The projector gave no digest.")
    return lines[-1]


async def drop_previous(state: UpState) -> None:
    """Give up the rows that the last rebuild replaced. Raises CommandFailed."""
    async for _ in projector_lines(state, "drop-previous"):
        pass


async def projector_lines(state: UpState, *command: str) -> AsyncGenerator[dict[str, Any]]:
    """What the program prints, one JSON document a line, until it ends. Raises CommandFailed when it ends badly."""
    async with _running(state, *command) as (process, errors):
        if process.stdout is not None:
            async for line in process.stdout:
                yield cast("dict[str, Any]", json.loads(line))
        if await process.wait() != 0:
            said = (await errors).decode(errors="replace").strip()
            raise CommandFailed(f"The projector's {command[0]} failed: {_reason(said)}")


@asynccontextmanager
async def _running(state: UpState, *command: str) -> AsyncGenerator[tuple[Process, asyncio.Task[bytes]]]:
    """The program, and a task that collects what it says on stderr. It is ended at the exit if it still runs."""
    environment = {**os.environ, "NATS_URL": state.nats_url, "DATABASE_URL": state.database_url}
    program = module_program(state.data, "projector", environment, *command)
    process = await asyncio.create_subprocess_exec(
        *program.argv, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, **popen_arguments(program)
    )
    errors = asyncio.create_task(_all_of(process.stderr))
    try:
        yield process, errors
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_SECONDS):
                    await process.wait()
        if process.returncode is None:
            process.kill()
            await process.wait()
        await errors


def _reason(said: str) -> str:
    """What the last line of the program's log names as the error; its end, if it is no line of a log."""
    last = said[said.rfind("\n") + 1 :]
    try:
        return str(cast("dict[str, Any]", json.loads(last))["error"])
    except (ValueError, KeyError, TypeError):
        return said[-ERROR_CHARACTERS:]


async def _all_of(stream: asyncio.StreamReader | None) -> bytes:
    """The end of what comes, bounded."""
    kept = b""
    while stream is not None and (chunk := await stream.read(65536)):
        kept = (kept + chunk)[-65536:]
    return kept
