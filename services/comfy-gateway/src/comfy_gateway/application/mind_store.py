"""While the image store takes or gives nothing, no job begins: what is rendered then is rendered for nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import Final

import structlog

from carnival.images.port import ImageStore
from comfy_gateway.application.track_node import Node

TRY_SECONDS: Final = 5.0
TRIED_BYTES_MAX: Final = 16 * 1024 * 1024
REFUSALS_MAX: Final = 3
"""A store that stumbles for a moment is no reason to let a GPU wait."""

_log = structlog.get_logger(__name__)


class MindStore:
    """Holds all nodes until the store takes as many bytes as it refused, and gives them back.

    `trouble` says in words what is wrong, None while nothing is.
    """

    def __init__(
        self, images: ImageStore, nodes: Sequence[Node], gateway: str, try_seconds: float = TRY_SECONDS
    ) -> None:
        self._images = images
        self._nodes = nodes
        self._place = f"tries/{gateway}"
        self._try_seconds = try_seconds
        self._failing = asyncio.Event()
        self._refusals = 0
        self._bytes = 1
        self.trouble: str | None = None

    def took(self) -> None:
        """The store took an image."""
        self._refusals = 0

    def refused(self, error: OSError, size: int) -> None:
        """It did not take one of `size` bytes."""
        self._refusals += 1
        self._bytes = max(self._bytes, min(size, TRIED_BYTES_MAX))
        if self._refusals >= REFUSALS_MAX:
            self.fails(error)

    def fails(self, error: OSError) -> None:
        """Nothing can be made as long as this goes on."""
        self._turn(f"the image store does not work: {error.strerror or error}")
        self._failing.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._failing.wait()
            await asyncio.sleep(self._try_seconds)
            try:
                await self._try()
            except OSError as error:
                self.fails(error)
            else:
                self._failing.clear()
                self._refusals, self._bytes = 0, 1
                self._turn(None)

    async def _try(self) -> None:
        data = os.urandom(self._bytes)
        await self._images.put(self._place, data)
        await self._images.get(self._place)
        await self._images.delete(self._place)

    def _turn(self, trouble: str | None) -> None:
        if (trouble is None) is not (self.trouble is None):
            words = "The image store works again" if trouble is None else "The image store does not work"
            _log.warning(words, action="store_works" if trouble is None else "store_fails", reason=trouble)
        self.trouble = trouble
        for node in self._nodes:
            node.hold(trouble)
