"""Commands whose answer no event about their subject tells. Written and read by curation-api; no run folds them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from carnival.contracts.envelope import Event, Value


class GivenRefusal(Value):
    """Why a command was refused: the stable name of the situation, its words and facts."""

    kind: Annotated[str, Field(min_length=1)]
    message: str
    facts: dict[str, JsonValue] = Field(default_factory=dict)


class CommandAnswered(Event):
    """A command with an Idempotency-Key was refused, had nothing to change, or was about many things at once.

    Its event id is the one the key stands for, so a key has one answer. `changed` are the things whose events stand
    directly before this one, in their order; a refused command changed none.
    """

    wire_name: ClassVar[str] = "CommandAnswered"

    command_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    refusal: GivenRefusal | None = None
    changed: tuple[str, ...] = ()
