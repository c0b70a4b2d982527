"""Log files that do not grow without end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

LOG_BYTES_MAX: Final = 10 * 1024 * 1024


def rotate(log: Path, bytes_max: int = LOG_BYTES_MAX) -> None:
    """Move the text of a log that is too long to `<name>.1` and empty it.

    The program goes on writing to the open file, in append mode. What it writes between the two steps is lost.
    """
    if not log.exists() or log.stat().st_size <= bytes_max:
        return
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)
