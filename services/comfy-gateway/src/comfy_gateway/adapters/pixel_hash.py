"""What a picture looks like, as one number: the same for equal pixels, however the file is written."""

from __future__ import annotations

import hashlib
from typing import Final

from PIL import Image

STRIP_PIXELS: Final = 4_000_000
"""Pixels are brought into the one form strip by strip, so that a large picture is not held twice in memory."""

_DEEP: Final = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N", "F"})


def hash_of_pixels(image: Image.Image, strip_pixels: int = STRIP_PIXELS) -> str | None:
    """SHA-256 of "<width>x<height> <form> " and the pixels, row by row; None for a picture that moves.

    The form is RGBA with 8 bits a channel, so a palette, grey or opaque picture counts as the colours it shows; only
    grey of more than 8 bits keeps its depth, as 32-bit integers. Decodes the picture; raises what Pillow raises for a
    broken one.
    """
    image.load()
    if getattr(image, "n_frames", 1) > 1:
        return None
    form = "I" if image.mode in _DEEP else "RGBA"
    digest = hashlib.sha256(f"{image.width}x{image.height} {form} ".encode())
    rows = max(1, strip_pixels // image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        digest.update(strip.convert(form).tobytes())
    return digest.hexdigest()
