"""The answer to a command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from fastapi import Response
from pydantic import Field

from carnival.contracts.envelope import Event
from curation_api.adapters.http.etags import tag
from curation_api.application.batch_ledger import BatchReceipt
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
    warnings: tuple[str, ...] = Field(default=(), description="What is allowed but cannot work with the fleet of now.")


async def written(
    response: Response,
    receipt: Receipt[E],
    identity: str,
    view: Callable[[], Awaitable[T | None]],
    *,
    created: bool = False,
    warnings: tuple[str, ...] = (),
) -> Written[T]:
    """The answer, with its status (201 for something new, 202 while it is not projected), position and tag on
    `response`."""
    response.headers["Carnival-Position"] = str(receipt.position)
    if not receipt.projected:
        response.status_code = 202
    elif created:
        response.status_code = 201
    result = await view() if receipt.projected else None
    tag(response, result)
    return Written(
        position=receipt.position,
        id=identity,
        changed=receipt.changed,
        projected=receipt.projected,
        replayed=receipt.replayed,
        result=result,
        warnings=warnings,
    )


class ItemWritten(View):
    """What became of one thing of many."""

    id: str
    changed: bool = Field(description="False: it was so already.")
    void: str | None = Field(description="Why the command has no effect on it, if somebody else was faster.")


class BatchWritten(View):
    """What a command about many things did. They were changed together or, for an error, not at all."""

    position: int = Field(description="Log position of the last change; pass it as at-least to read what was written.")
    changed: int = Field(description="How many things were changed.")
    projected: bool
    replayed: bool = Field(description="True: this Idempotency-Key was seen before, the first answer stands.")
    items: list[ItemWritten]


def batch_written(response: Response, receipt: BatchReceipt, *, created: bool = False) -> BatchWritten:
    """As `written`, for many things."""
    response.headers["Carnival-Position"] = str(receipt.position)
    if not receipt.projected:
        response.status_code = 202
    elif created:
        response.status_code = 201
    return BatchWritten(
        position=receipt.position,
        changed=sum(item.changed for item in receipt.items),
        projected=receipt.projected,
        replayed=receipt.replayed,
        items=[ItemWritten(id=item.key, changed=item.changed, void=item.void) for item in receipt.items],
    )
