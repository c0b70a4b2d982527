"""Showing a pair: in the terminal itself where it draws pictures, else as a file with its path."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import typer
from PIL import Image

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.views.vote import Pair
from carnival_cli.output import SCREEN

if TYPE_CHECKING:
    from rich.console import RenderableType

GAP_PIXELS: Final = 16
INLINE_PIXELS: Final = 1024
INLINE_ROWS: Final = 10
"""Rows of the terminal that stay for words."""


class Shower(Protocol):
    async def show(self, pair: Pair) -> None:
        """Let the voter see both images, the left one on the left."""
        ...


class InTerminal:
    """Both images in the terminal, by kitty's protocol or as sixels; `renderable` makes a picture one of its own."""

    def __init__(self, api: CarnivalApi, renderable: Callable[[Image.Image, int], RenderableType]) -> None:
        self._api = api
        self._renderable = renderable

    async def show(self, pair: Pair) -> None:
        sides = (pair.left, pair.right)
        left, right = await asyncio.gather(*(self._small(side.candidate_id) for side in sides))
        both = await asyncio.to_thread(side_by_side, left, right)
        SCREEN.print(self._renderable(both, max(SCREEN.height - INLINE_ROWS, INLINE_ROWS)))

    async def _small(self, candidate_id: str) -> bytes:
        async with self._api.candidates.thumbnail(candidate_id, INLINE_PIXELS) as pieces:
            return b"".join([piece async for piece in pieces])


class AsFile:
    """Both images as one file in `folder`; `opened`: in the system's viewer at once."""

    def __init__(self, api: CarnivalApi, folder: Path, say: Callable[[str], None], *, opened: bool) -> None:
        self._api = api
        self._folder = folder
        self._say = say
        self._opened = opened
        self._shown = 0

    async def show(self, pair: Pair) -> None:
        self._shown += 1
        file = self._folder / f"pair-{self._shown}.png"
        left, right = await asyncio.gather(
            *(self._api.candidates.image(side.candidate_id) for side in (pair.left, pair.right))
        )
        await asyncio.to_thread(_save, left, right, file)
        self._say(str(file))
        if self._opened:
            typer.launch(str(file))


def terminal_pictures() -> Callable[[Image.Image, int], RenderableType] | None:
    """How this terminal draws pictures; None if it does not, or if there is no terminal. It is asked, once."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or 0 in os.get_terminal_size():
        return None
    # A terminal that does not tell its cell size is no cause for a warning: a usual one is taken then.
    logging.getLogger("textual_image").setLevel(logging.ERROR)
    # Here, because importing it asks the terminal.
    from textual_image.renderable import Image as Drawn
    from textual_image.renderable import SixelImage, TGPImage

    if not issubclass(Drawn, (SixelImage, TGPImage)):
        return None
    return lambda picture, rows: Drawn(picture, width="auto", height=rows)


def side_by_side(left: bytes, right: bytes) -> Image.Image:
    """Two pictures as one, the first on the left. Raises OSError."""
    with Image.open(BytesIO(left)) as one, Image.open(BytesIO(right)) as other:
        both = Image.new("RGB", (one.width + GAP_PIXELS + other.width, max(one.height, other.height)))
        both.paste(one, (0, 0))
        both.paste(other, (one.width + GAP_PIXELS, 0))
    return both


def _save(left: bytes, right: bytes, file: Path) -> None:
    side_by_side(left, right).save(file, "PNG", compress_level=1)
