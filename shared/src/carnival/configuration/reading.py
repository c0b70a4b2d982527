"""Environment variables into a frozen settings model.

Empty means unset (CFG-3). A field names its variable, and other accepted names behind it (CFG-2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import structlog
from pydantic import BaseModel, ValidationError

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Variable:
    """Annotation of a settings field: the variable's name and other names it may go by, and what it means.

    The value of a `secret` one is never shown.
    """

    name: str
    aliases: tuple[str, ...] = ()
    help: str = ""
    secret: bool = False


class BadSetting(Exception):
    """A variable holds a value that cannot be used. The service does not start."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable
        self.problem = problem


def variables_of(settings: type[BaseModel]) -> dict[str, Variable]:
    """Field name -> its variable. Raises TypeError for a field that names none."""
    found: dict[str, Variable] = {}
    for name, field in settings.model_fields.items():
        variable = next((mark for mark in field.metadata if isinstance(mark, Variable)), None)
        if variable is None:
            raise TypeError(f"{settings.__name__}.{name} names no environment variable")
        found[name] = variable
    return found


def read_settings(settings: type[S], environ: Mapping[str, str]) -> S:
    """The settings as `environ` gives them. Raises BadSetting naming the first variable that is wrong."""
    variables = variables_of(settings)
    values: dict[str, str] = {}
    used: dict[str, str] = {}
    for field, variable in variables.items():
        given = [name for name in (variable.name, *variable.aliases) if environ.get(name, "").strip()]
        if not given:
            continue
        if len(given) > 1:
            structlog.get_logger(__name__).warning(
                "Two variables set one value, the first one counts", action="setting_doubled", variables=given
            )
        values[field], used[field] = environ[given[0]].strip(), given[0]
    try:
        return settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        name = used.get(field) or (variables[field].name if field in variables else "settings")
        hidden = first["type"] == "missing" or (field in variables and variables[field].secret)
        shown = "" if hidden else f" (it is {values.get(field, '')!r})"
        raise BadSetting(name, f"{first['msg']}{shown}") from error
