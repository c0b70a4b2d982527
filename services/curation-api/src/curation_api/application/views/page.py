"""A page of a longer list."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")


class View(BaseModel):
    """Base of all answers."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Page(View, Generic[T]):
    """Some items, and where the next ones begin."""

    items: list[T]
    next: str | None = Field(default=None, description="Cursor of the next page; null on the last one.")
