"""Events as messages: CloudEvents 1.0 attributes in headers, the event's own fields as JSON body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from pydantic import TypeAdapter, ValidationError

from carnival.contracts.catalogue import CATALOGUE
from carnival.contracts.envelope import Event, LogEntry, Metadata, Recorded, Undecodable
from carnival.contracts.ids import EventId, Position
from carnival.contracts.subjects import names_event
from carnival.contracts.upcasts import UPCASTS, Body, MissingUpcast, Upcast, upcast

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


def decode(
    subject: str,
    position: Position,
    headers: Mapping[str, str],
    body: bytes,
    *,
    catalogue: Mapping[str, type[Event]] = CATALOGUE,
    upcasts: Mapping[tuple[str, int], Upcast] = UPCASTS,
) -> LogEntry:
    """The entry a stored message stands for; Undecodable with a reason if no catalogue entry can read it."""
    try:
        event = _event(headers.get("ce-type", ""), body, catalogue, upcasts)
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


def _event(
    wire_type: str, body: bytes, catalogue: Mapping[str, type[Event]], upcasts: Mapping[tuple[str, int], Upcast]
) -> Event:
    parts = _name_and_version(wire_type)
    if parts is None:
        raise _UnknownEvent(f"ce-type {wire_type!r} is none of ours")
    name, version = parts
    model = catalogue.get(name)
    if model is None:
        raise _UnknownEvent(f"no event is called {name}")
    if version > model.schema_version:
        raise _UnknownEvent(f"{name} version {version} comes from the future, newest known is {model.schema_version}")
    if version == model.schema_version:
        return model.model_validate_json(body)
    return model.model_validate(upcast(name, version, model.schema_version, _BODY.validate_json(body), upcasts))


@lru_cache(maxsize=WIRE_TYPES_KEPT)
def _name_and_version(wire_type: str) -> tuple[str, int] | None:
    parts = _TYPE.fullmatch(wire_type)
    return None if parts is None else (parts["name"], int(parts["version"]))


def _metadata(headers: Mapping[str, str]) -> Metadata:
    return Metadata(
        event_id=EventId(headers["ce-id"]),
        source=headers["ce-source"].lstrip("/"),
        time=datetime.fromisoformat(headers["ce-time"]),
        correlation_id=headers.get("ce-correlationid", headers["ce-id"]),
        causation_id=headers.get("ce-causationid"),
        actor=actor_of(headers),
        traceparent=headers.get("traceparent"),
    )


def _header_safe(text: str | None) -> str | None:
    """A header value is one line of ASCII: everything else travels as an escape that `_from_header` undoes."""
    return text.encode("unicode_escape").decode("ascii") if text else None


def _from_header(text: str | None) -> str | None:
    if not text or (text.isascii() and "\\" not in text):
        return text
    return text.encode("ascii").decode("unicode_escape")
