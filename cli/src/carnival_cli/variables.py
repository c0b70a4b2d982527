"""Values of run variables, given on the command line as name=value."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from carnival_cli.api.views.pipeline import Pipeline
from carnival_cli.exits import CommandFailed, Exit


def texts_of(pipeline: Pipeline) -> frozenset[str]:
    """The variables that the pipeline declares as texts: what is given for them is never read as JSON."""
    return frozenset(one.name for one in pipeline.form if one.declared and one.type == "text")


def parse_variables(given: Iterable[str], texts: Collection[str] = ()) -> dict[str, Any]:
    """`name=value` pairs; a value that is JSON is taken as such, anything else as text. Raises CommandFailed."""
    return {name: _value(name, value, texts) for name, value in _pairs(given)}


def parse_axes(given: Iterable[str], texts: Collection[str] = ()) -> dict[str, list[Any]]:
    """`name=value,value` pairs, or `name=[…]` with a JSON list for values that hold commas. Raises CommandFailed."""
    axes: dict[str, list[Any]] = {}
    for name, values in _pairs(given):
        whole = _value(name, values, ())
        axes[name] = whole if isinstance(whole, list) else [_value(name, one, texts) for one in values.split(",")]
    return axes


def _pairs(given: Iterable[str]) -> Iterator[tuple[str, str]]:
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise CommandFailed(f"A variable is given as name=value, not as {pair!r}.", Exit.USAGE)
        yield name.strip(), value


def _value(name: str, value: str, texts: Collection[str]) -> Any:
    if name in texts:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
