"""What all answers of the API are made of."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class View(BaseModel):
    """The members that commands use. All others are kept, so that --json prints the answer whole."""

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
    items: list[ItemWritten]


class Written(View):
    """What a command did: where in the log, to which thing, and whether anything changed."""

    position: int
    id: str
    changed: bool
    result: dict[str, Any] | None = None
