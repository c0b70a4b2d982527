"""Text as the read model can keep it."""

from __future__ import annotations

from pydantic import JsonValue

_NUL = "\x00"
_STAND_IN = "\ufffd"


def storable(text: str) -> str:
    """Postgres keeps every character but NUL; a NUL becomes the replacement character. The log keeps the original."""
    return text.replace(_NUL, _STAND_IN) if _NUL in text else text


def storable_json(value: JsonValue) -> JsonValue:
    """The same for each text and each key inside a JSON value."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [storable_json(item) for item in value]
    if isinstance(value, dict):
        return {storable(key): storable_json(item) for key, item in value.items()}
    return value
