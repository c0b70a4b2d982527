"""The answer to a command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from fastapi import Response
from pydantic import Field

from carnival.contracts.envelope import Event
from curation_api.application.ledger import Receipt
from curation_api.application.views.page import View

T = TypeVar("T")
E = TypeVar("E", bound=Event)


class Written(View, Generic[T]):
    """What a command did. `result` is the thing as it is now; null while the read model does not show it yet (202)."""

    position: int = Field(description="Log position; pass it as at-least to read what was written.")
    id: str = Field(description="The thing the command was about.")
    changed: bool = Field(description="False: it was so already.")
    projected: bool
    replayed: bool = Field(description="True: this Idempotency-Key was seen before, the first answer stands.")
    result: T | None = None


async def written(
    response: Response,
    receipt: Receipt[E],
    identity: str,
    view: Callable[[], Awaitable[T | None]],
    *,
    created: bool = False,
) -> Written[T]:
    """The answer, with its status (201 for something new, 202 while it is not projected) and position on `response`."""
    response.headers["Carnival-Position"] = str(receipt.position)
    if not receipt.projected:
        response.status_code = 202
    elif created:
        response.status_code = 201
    return Written(
        position=receipt.position,
        id=identity,
        changed=receipt.changed,
        projected=receipt.projected,
        replayed=receipt.replayed,
        result=await view() if receipt.projected else None,
    )
