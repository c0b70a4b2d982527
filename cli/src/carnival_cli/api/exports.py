"""Calls about what people take with them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from carnival_cli.api.calls import Calls


class ExportCalls(Calls):
    def preferences(self, **query: Any) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The bytes of a preference data set; `query` as in GET /api/exports/preferences."""
        return self._http.pieces("/api/exports/preferences", **query)

    def images(self, **query: Any) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The bytes of an archive of images; `query` as in GET /api/exports/images."""
        return self._http.pieces("/api/exports/images", **query)

    def named_images(self, candidate_ids: Sequence[str]) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The bytes of an archive of these images, up to 5,000."""
        return self._http.pieces_of_form("/api/exports/images", candidate_ids=",".join(candidate_ids))

    async def image_lines(self, **query: Any) -> AsyncGenerator[str]:
        """The manifest of such an archive, a line an image, without the files."""
        async with self._http.lines("/api/exports/images", format="jsonl", **query) as lines:
            async for line in lines:
                yield line

    def events(self, **query: Any) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The log, an event a line; `query` as in GET /api/exports/events."""
        return self._http.pieces("/api/exports/events", **query)
