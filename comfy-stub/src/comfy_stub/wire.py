"""What JSON looks like inside the stand-in, and the clock of its time stamps."""

from __future__ import annotations

import time
from typing import Any, TypeAlias

Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]


def now_ms() -> int:
    """Wall clock in milliseconds, as ComfyUI writes it into frames and history."""
    return int(time.time() * 1000)
