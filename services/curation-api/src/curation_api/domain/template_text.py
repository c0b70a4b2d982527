"""A template's text as JSON, with its placeholders stood in for (PAY-8, SUB-3)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Final, NoReturn

from curation_api.domain.placeholders import PLACEHOLDER

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

STAND_IN: Final = "\ue000"
"""A private-use character: a string of nothing else stands for a placeholder outside of any string."""


class Unparsable(ValueError):
    """`line` and `column` count from 1 and are those of the template as given."""

    def __init__(self, problem: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.column = column


def parse_template(template: str) -> Json:
    """The template's value. Raises Unparsable."""
    try:
        return json.loads(
            _stood_in(template), object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise Unparsable(error.msg, error.lineno, error.colno) from error
    except RecursionError as error:
        raise Unparsable("nested too deeply") from error
    except ValueError as error:
        raise Unparsable(str(error)) from error


def template_of(value: Mapping[str, Json], original: str) -> str:
    """A text that parses to `value`, which was made of `original`: each stand-in of it becomes its placeholder again.

    Stand-ins of `original` must all be in `value`, in their order.
    """
    written = json.dumps(value, indent=2, ensure_ascii=False)
    placeholders = iter([original[start:stop] for start, stop in _outside_strings(original)])
    return re.sub(f'"{STAND_IN}+"', lambda found: next(placeholders, found[0]), written)


def is_open(value: Json) -> bool:
    """Whether a placeholder decides what stands here."""
    return isinstance(value, str) and (STAND_IN in value or PLACEHOLDER.search(value) is not None)


def _stood_in(template: str) -> str:
    """Placeholders outside of strings become strings of the same length, so that positions stay true."""
    parts: list[str] = []
    end = 0
    for start, stop in _outside_strings(template):
        parts += [template[end:start], '"', STAND_IN * (stop - start - 2), '"']
        end = stop
    return "".join([*parts, template[end:]])


def _outside_strings(template: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at, inside = 0, False
    while at < len(template):
        sign = template[at]
        if inside and sign == "\\":
            at += 2
            continue
        if sign == '"':
            inside = not inside
        elif not inside and sign == "{" and (found := PLACEHOLDER.match(template, at)):
            spans.append(found.span())
            at = found.end()
            continue
        at += 1
    return spans


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    whole = dict(pairs)
    if len(whole) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unparsable(f"the name {twice[:80]!r} stands twice in one object")
    return whole


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Unparsable(f"{digits[:80]} is too large for a number")
    return value


def _refuse_constant(constant: str) -> NoReturn:
    raise Unparsable(f"{constant} is no JSON value")
