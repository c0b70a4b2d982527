"""Events as messages: CloudEvents 1.0 attributes in headers, the event's own fields as JSON body."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from pydantic import TypeAdapter, ValidationError

from carnival.contracts.catalogue import CATALOGUE
from carnival.contracts.envelope import Event, LogEntry, Metadata, Recorded, Undecodable
from carnival.contracts.ids import EventId, Position
from carnival.contracts.subjects import names_event
from carnival.contracts.upcasts import Body, MissingUpcast, upcast

MESSAGE_ID = "Nats-Msg-Id"
WIRE_TYPES_KEPT = 256

_TYPE = re.compile(r"carnival\.(?P<name>[A-Za-z]+)\.v(?P<version>[1-9][0-9]{0,5})")
_BODY: TypeAdapter[Body] = TypeAdapter(Body)


def encode(event: Event, meta: Metadata) -> tuple[dict[str, str], bytes]:
    """Headers and body of an event."""
    headers = {
        MESSAGE_ID: meta.event_id,
        "ce-specversion": "1.0",
        "ce-id": meta.event_id,
        "ce-type": f"carnival.{event.wire_name}.v{event.schema_version}",
        "ce-source": f"/{meta.source}",
        "ce-time": meta.time.isoformat(),
        "ce-correlationid": meta.correlation_id,
        "content-type": "application/json",
    }
    optional = {
        "ce-causationid": meta.causation_id,
        "ce-actor": _header_safe(meta.actor),
        "traceparent": meta.traceparent,
    }
    headers.update({name: value for name, value in optional.items() if value})
    return headers, event.model_dump_json().encode()


def decode(subject: str, position: Position, headers: Mapping[str, str], body: bytes) -> LogEntry:
    """The entry a stored message stands for; Undecodable with a reason if no catalogue entry can read it."""
    try:
        event = _reader_of(headers.get("ce-type", ""))(body)
        if names_event(subject) != event.wire_name:
            raise _Disguised(f"a {event.wire_name} does not belong there")
        return Recorded(event, _metadata(headers), position, subject)
    except (_UnknownEvent, MissingUpcast, ValidationError, ValueError, KeyError) as error:
        reason = f"{type(error).__name__.lstrip('_')}: {error}"[:500]
        return Undecodable(position, subject, reason, body, dict(headers))


def actor_of(headers: Mapping[str, str]) -> str | None:
    """Who did it, by the headers of a stored message."""
    return _from_header(headers.get("ce-actor"))


class _UnknownEvent(LookupError):
    pass


class _Disguised(ValueError):
    """Who may write which event is a matter of subjects, so an event counts at its own subject only."""


@lru_cache(maxsize=WIRE_TYPES_KEPT)
def _reader_of(wire_type: str) -> Callable[[bytes], Event]:
    """What makes an event of a body; looked up once for all events of a type. Raises _UnknownEvent."""
    parts = _TYPE.fullmatch(wire_type)
    if parts is None:
        raise _UnknownEvent(f"ce-type {wire_type!r} is none of ours")
    name, version = parts["name"], int(parts["version"])
    model = CATALOGUE.get(name)
    if model is None:
        raise _UnknownEvent(f"no event is called {name}")
    newest = model.schema_version
    if version > newest:
        raise _UnknownEvent(f"{name} version {version} comes from the future, newest known is {newest}")
    if version == newest:
        return TypeAdapter(model).validator.validate_json
    return lambda body: model.model_validate(upcast(name, version, newest, _BODY.validate_json(body)))


def _metadata(headers: Mapping[str, str]) -> Metadata:
    """By place: names make it dearer by half."""
    identity = EventId(headers["ce-id"])
    return Metadata(
        identity,
        headers["ce-source"].lstrip("/"),
        datetime.fromisoformat(headers["ce-time"]),
        headers.get("ce-correlationid", identity),
        headers.get("ce-causationid"),
        actor_of(headers),
        headers.get("traceparent"),
    )


def _header_safe(text: str | None) -> str | None:
    """A header value is one line of ASCII: everything else travels as an escape that `_from_header` undoes."""
    return text.encode("unicode_escape").decode("ascii") if text else None


def _from_header(text: str | None) -> str | None:
    if not text or (text.isascii() and "\\" not in text):
        return text
    return text.encode("ascii").decode("unicode_escape")
