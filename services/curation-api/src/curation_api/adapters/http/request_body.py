"""What bodies of requests have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

_WANTED: Final[Mapping[type, str]] = {bool: "true or false", int: "a whole number", float: "a number"}


class RequestBody(BaseModel):
    """No fields but those named, and numbers and truth values as JSON writes them: pydantic would read "5" and true as
    numbers, and 0 and "yes" as truth values, which the document does not offer.
    """

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _as_json_writes_it(cls, value: object, info: ValidationInfo) -> object:
        wanted = _plain_type(cls.model_fields[info.field_name or ""].annotation)
        if wanted is None or value is None:
            return value
        if isinstance(value, str) or isinstance(value, bool) is not (wanted is bool):
            raise ValueError(f"Input should be {_WANTED[wanted]}")
        return value


def _plain_type(annotation: Any) -> type | None:
    """Which of the types a field is of, or may be of beside null; else None."""
    kinds = [kind for kind in get_args(annotation) or (annotation,) if kind is not type(None)]
    return kinds[0] if len(kinds) == 1 and kinds[0] in _WANTED else None
