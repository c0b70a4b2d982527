"""The event base class and what surrounds an event on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from carnival.contracts.ids import EventId, Position


class Value(BaseModel):
    """A frozen value inside an event. Unknown fields are ignored, so an old reader survives a newer writer."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Event(Value):
    """A fact, in the past tense. `wire_name` and `schema_version` are what the log knows it by; never a Python path."""

    wire_name: ClassVar[str]
    schema_version: ClassVar[int] = 1


E = TypeVar("E", bound=Event, covariant=True)


class Metadata(NamedTuple):
    """CloudEvents attributes of one event, and where it came from.

    `correlation_id` is the id of the first cause (a person's command), `causation_id` that of the direct one.
    `actor` is who did it: a person's or a service's name. A tuple, as each event of a long log gets one: a frozen
    dataclass takes twice as long to make.
    """

    event_id: EventId
    source: str
    time: datetime
    correlation_id: str
    causation_id: str | None = None
    actor: str | None = None
    traceparent: str | None = None


class Recorded(NamedTuple, Generic[E]):
    """An event as the log holds it."""

    event: E
    meta: Metadata
    position: Position
    subject: str


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A message of the log that no catalogue entry can read. The reader parks it; nobody guesses."""

    position: Position
    subject: str
    reason: str
    body: bytes
    headers: dict[str, str]


LogEntry = Recorded[Event] | Undecodable
