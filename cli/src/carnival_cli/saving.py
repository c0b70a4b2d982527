"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from carnival_cli.exits import CommandFailed


@contextmanager
def whole_file(target: Path) -> Generator[BinaryIO]:
    """A file to write; it gets its name when the block ends well, replacing what was there. Raises CommandFailed."""
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with aside.open("wb") as file:
                yield file
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise CommandFailed(f"{target} cannot be written: {error.strerror or error}.") from error
