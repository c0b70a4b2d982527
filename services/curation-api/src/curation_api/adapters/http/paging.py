"""Long lists in pages: `next` in the body is the `cursor` of the next page, and the header Link its address."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request, Response

from curation_api.adapters.http.parameters import POSITION_MAX
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.application.views.page import Page

T = TypeVar("T")

PositionCursor = Annotated[int | None, Query(ge=0, le=POSITION_MAX), PLAIN_DIGITS]
"""A cursor that is a position or a number. Clients take cursors as they come."""


class PageTurn:
    """Says in the header Link where the next page is."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response

    def to(self, page: Page[T]) -> Page[T]:
        """`page` itself, its successor named in the answer's headers."""
        if page.next is not None:
            next_one = self._request.url.include_query_params(cursor=page.next)
            self._response.headers["Link"] = f'<{next_one.path}?{next_one.query}>; rel="next"'
        return page


async def page_turn(request: Request, response: Response) -> PageTurn:
    return PageTurn(request, response)


Turn = Annotated[PageTurn, Depends(page_turn)]
