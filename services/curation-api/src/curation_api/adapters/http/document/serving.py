"""The document as it is sent: made once, beside the requests, for that takes a second of the processor."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response


class ServedDocument:
    """`document` is called in a thread when somebody asks for the first time. Votes go on meanwhile."""

    def __init__(self, document: Callable[[], dict[str, Any]]) -> None:
        self._document = document
        self._making = asyncio.Lock()
        self._body: bytes | None = None

    async def answer(self, _: Request) -> Response:
        async with self._making:
            if self._body is None:
                self._body = await asyncio.to_thread(self._encoded)
        return Response(self._body, media_type="application/json")

    def _encoded(self) -> bytes:
        return json.dumps(self._document(), ensure_ascii=False).encode()
