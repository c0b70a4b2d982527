"""What the calls about every subject share: answers become views, pages become lists."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from carnival_cli.api.errors import ApiUnreachable
from carnival_cli.api.transport import Transport
from carnival_cli.api.views.page import Page

V = TypeVar("V")

PAGES_MAX: Final = 1000


class Calls:
    """The calls about one subject. Every one raises ApiRefused or ApiUnreachable."""

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    async def _pages(self, kind: type[V], path: str, **query: Any) -> list[V]:
        """All items of a list that comes in pages."""
        return [item async for item in self._each(kind, path, **query)]

    async def _each(self, kind: type[V], path: str, **query: Any) -> AsyncGenerator[V]:
        """The items of a list that comes in pages, a page at a time."""
        cursor: str | None = None
        for _ in range(PAGES_MAX):
            page = self._read(Page[kind], await self._http.get(path, **query, cursor=cursor))
            for item in page.items:
                yield item
            cursor = page.next
            if cursor is None:
                return

    def _read(self, kind: type[V], content: Any) -> V:
        """An answer as its view. An answer that does not fit raises ApiUnreachable: that is no Carnival of this age."""
        try:
            return TypeAdapter(kind).validate_python(content)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ApiUnreachable(self._http.url, f"an answer does not fit ({place}: {first['msg']})") from error
