"""What all answers of the API are made of."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class View(BaseModel):
    """Every member that the API's document names. What a newer hub says as well is kept, so that --json prints the
    answer whole; what an older one does not say yet has a default."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Page(View, Generic[T]):
    items: list[T]
    next: str | None = None


class ItemWritten(View):
    """What became of one thing of many."""

    id: str
    changed: bool
    void: str | None = None


class BatchWritten(View):
    """What a command about many things did: all were changed together."""

    position: int
    changed: int
    projected: bool = True
    replayed: bool = False
    items: list[ItemWritten]


class Written(View, Generic[T]):
    """What a command did: where in the log, to which thing, and whether anything changed.

    `result` is the thing after it, None while that is not projected; `replayed`: the answer of the first time.
    """

    position: int
    id: str
    changed: bool
    projected: bool = True
    replayed: bool = False
    result: T | None = None
    warnings: list[str] = Field(default_factory=list[str])
