"""A template and values become a workflow (SUB-1 to SUB-5, PAY-1).

A placeholder is `{{name}}`. The template is read as a text of JSON tokens, so that a value lands inside the token in
which its placeholder stands and can never end it: no value changes the structure of the workflow, every text survives.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from comfy_gateway.domain.errors import BadTemplate, MissingVariable
from comfy_gateway.domain.loose_json import Json

TEMPLATES_REMEMBERED: Final = 64

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_TOKEN = re.compile(r'(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")|\{\{(?P<name>\w+)\}\}', re.DOTALL)
_COLON = re.compile(r"\s*:")

Values = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class _Whole:
    """A placeholder that becomes a JSON value of its variable's own type."""

    name: str


@dataclass(frozen=True, slots=True)
class _Amid:
    """A text in quotes, decoded, with placeholders among other letters."""

    content: str


_Part = str | _Whole | _Amid


def fill(template: str, values: Values) -> Json:
    """The template with every placeholder replaced once, parsed. Raises MissingVariable, BadTemplate."""
    return _parsed("".join(_filled(part, values) for part in _parts(template)))


def placeholders(template: str) -> frozenset[str]:
    """The names that the template asks for. Raises BadTemplate."""
    found: set[str] = set()
    for part in _parts(template):
        match part:
            case _Whole(name):
                found.add(name)
            case _Amid(content):
                found.update(match[1] for match in _PLACEHOLDER.finditer(content))
            case str():
                pass
    return frozenset(found)


def _filled(part: _Part, values: Values) -> str:
    match part:
        case str():
            return part
        case _Whole(name):
            return _as_json(_value(values, name))
        case _Amid(content):
            return json.dumps(_PLACEHOLDER.sub(lambda match: _as_text(_value(values, match[1])), content))


@lru_cache(maxsize=TEMPLATES_REMEMBERED)
def _parts(template: str) -> tuple[_Part, ...]:
    """The template taken apart, once for all its jobs. Neighbouring plain parts are one."""
    parts: list[_Part] = []
    plain: list[str] = []
    for part in _taken_apart(template):
        if isinstance(part, str):
            plain.append(part)
        else:
            parts += ["".join(plain), part]
            plain.clear()
    return (*parts, "".join(plain))


def _taken_apart(template: str) -> Iterator[_Part]:
    reached = 0
    for token in _TOKEN.finditer(template):
        yield _between(template, reached, token.start())
        reached = token.end()
        if token["name"]:
            # The blanks keep the value a token of its own: `1{{x}}` is refused instead of becoming another number.
            yield " "
            yield _Whole(token["name"])
            yield " "
        else:
            yield _string(token["string"], is_key=bool(_COLON.match(template, reached)))
    yield _between(template, reached, len(template))


def _between(template: str, start: int, end: int) -> str:
    gap = template[start:end]
    if '"' in gap:
        raise BadTemplate("The template is not JSON: a text in quotes has no end")
    return gap


def _string(token: str, *, is_key: bool) -> _Part:
    content = _decoded(token)
    whole = _PLACEHOLDER.fullmatch(content)
    if whole and not is_key:
        return _Whole(whole[1])
    return _Amid(content) if _PLACEHOLDER.search(content) else token


def _decoded(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError as error:
        raise BadTemplate(f"The template is not JSON: {error}") from error


def _value(values: Values, name: str) -> Json:
    if name not in values:
        raise MissingVariable(name)
    return values[name]


def _as_json(value: Json) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError as error:
        raise BadTemplate(f"A value cannot be written as JSON: {error}") from error


def _as_text(value: Json) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case float():
            return format(Decimal(repr(value)), "f")
        case _:
            return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _parsed(text: str) -> Json:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_number)
    except RecursionError as error:
        raise BadTemplate("The template is nested too deeply") from error
    except ValueError as error:
        raise BadTemplate(f"The template is not JSON: {error}") from error


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadTemplate("The template holds two entries of one name in one object")
    return found


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise BadTemplate(f"{digits} is too large for a number")
    return value


def _no_number(name: str) -> float:
    raise BadTemplate(f"{name} is not a JSON number")
