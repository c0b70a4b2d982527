"""An answer of any length into a file or onto standard output, its progress on the screen."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn

from carnival_cli.output import NOTICES
from carnival_cli.saving import whole_file

STDOUT: Final = Path("-")


async def download(
    answer: AbstractAsyncContextManager[AsyncGenerator[bytes]], target: Path, took: Callable[[bytes], None]
) -> None:
    """`took` hears of each piece. A file appears whole or not at all; `-` is standard output.

    Raises CommandFailed and what the answer raises.
    """
    size = 0
    with _progress() as progress:
        shown = progress.add_task(str(target), total=None)
        async with answer as pieces:
            with _opened(target) as output:
                async for piece in pieces:
                    output.write(piece)
                    took(piece)
                    size += len(piece)
                    progress.update(shown, completed=size)


@contextmanager
def _opened(path: Path) -> Generator[BinaryIO]:
    if path != STDOUT:
        with whole_file(path) as file:
            yield file
        return
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), DownloadColumn(), TransferSpeedColumn())
    return Progress(*columns, console=NOTICES, transient=True)
