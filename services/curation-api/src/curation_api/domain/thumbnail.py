"""Which small pictures exist beside an original, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIZES: Final = (256, 1024)
"""Pixels on the longer side, ascending. A picture is never enlarged."""
MEDIA_TYPE: Final = "image/webp"
SUFFIX: Final = "webp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A stored picture as its event describes it."""

    place: str
    sha256: str
    width: int
    height: int


def place_of_thumbnail(sha256: str, size: int) -> str:
    """Named by the original's content: equal files share their thumbnails, and none ever changes."""
    return f"thumbnails/{size}/{sha256[:2]}/{sha256}.{SUFFIX}"


def fitting_size(width: int, height: int, wanted_width: int) -> int | None:
    """The smallest thumbnail of a picture that is at least `wanted_width` pixels wide; None if none is."""
    for size in SIZES:
        if _width_at(size, width, height) >= wanted_width:
            return size
    return None


def _width_at(size: int, width: int, height: int) -> int:
    longer = max(width, height)
    return width if longer <= size else max(1, round(width * size / longer))
