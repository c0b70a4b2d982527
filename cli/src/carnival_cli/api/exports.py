"""Calls about what people take with them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager
from typing import Any

from carnival_cli.api.calls import Calls
from carnival_cli.api.views.candidate import ExportedImage


class ExportCalls(Calls):
    def preferences(self, **query: Any) -> AbstractAsyncContextManager[AsyncGenerator[bytes]]:
        """The bytes of a preference data set; `query` as in GET /api/exports/preferences."""
        return self._http.pieces("/api/exports/preferences", **query)

    async def images(self, **query: Any) -> AsyncGenerator[tuple[ExportedImage, str]]:
        """Each image of an export with its line of the manifest; `query` as in GET /api/exports/images."""
        async with self._http.lines("/api/exports/images", format="jsonl", **query) as lines:
            async for line in lines:
                yield ExportedImage.model_validate_json(line), line
