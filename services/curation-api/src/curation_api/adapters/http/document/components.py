"""What the document says in many places in the same words stands once, below `components`, and is referred to.

Most operations share their headers, parameters and refusals; written out at each, these were most of the document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from itertools import chain
from typing import Any, Final, NamedTuple

from curation_api.adapters.http.document.examples import Schema
from curation_api.adapters.http.problem_kinds import EVERYWHERE

_ANYWHERE: Final = {kind.name for kind in EVERYWHERE}
_ORDINARY: Final = {"Carnival-Correlation", "ETag", "RateLimit", "RateLimit-Policy"}


class _Place(NamedTuple):
    """`holder[key]` is a part of the document, `name` what it would be called as a component."""

    name: str
    holder: Any
    key: str | int


def with_components(document: Schema) -> Schema:
    """`document`, where headers, examples, parameters and answers that occur more than once are references.

    A name that would stand for two different things stands for none: those remain where they are.
    """
    found = deepcopy(document)
    for section, places_in in _SECTIONS.items():
        places = defaultdict[str, list[_Place]](list)
        for place in places_in(found):
            places[place.name].append(place)
        found["components"][section] = {
            name: _moved(section, same) for name, same in sorted(places.items()) if len(same) > 1 and _is_one(same)
        }
    return found


def _moved(section: str, places: list[_Place]) -> Schema:
    """The one thing that stands at all `places`, each of which refers to it from now on."""
    name, holder, key = places[0]
    thing: Schema = holder[key]
    for place in places:
        place.holder[place.key] = {"$ref": f"#/components/{section}/{name}"}
    return thing


def _is_one(places: list[_Place]) -> bool:
    first = places[0].holder[places[0].key]
    return all(place.holder[place.key] == first for place in places)


def _operations(document: Schema) -> Iterator[Schema]:
    for paths in chain(document["paths"].values(), document["webhooks"].values()):
        yield from paths.values()


def _answers(document: Schema) -> Iterator[tuple[Schema, str]]:
    for operation in _operations(document):
        for status in operation["responses"]:
            yield operation["responses"], status


def _headers(document: Schema) -> Iterator[_Place]:
    for answers, status in _answers(document):
        headers: Schema = answers[status].get("headers", {})
        yield from (_Place(name, headers, name) for name in headers)


def _examples(document: Schema) -> Iterator[_Place]:
    """Of problems, by kind."""
    for answers, status in _answers(document):
        for content in answers[status].get("content", {}).values():
            examples: Schema = content.get("examples", {})
            yield from (_Place(kind, examples, kind) for kind in examples)


def _parameters(document: Schema) -> Iterator[_Place]:
    for operation in _operations(document):
        parameters: list[Schema] = operation.get("parameters", [])
        for index, parameter in enumerate(parameters):
            yield _Place(f"{parameter['in']}.{parameter['name']}", parameters, index)


def _responses(document: Schema) -> Iterator[_Place]:
    for answers, status in _answers(document):
        yield _Place(".".join([status, *_told(answers[status])]), answers, status)


def _told(answer: Schema) -> list[str]:
    """What sets an answer apart from others of its status: the kinds of problems that not everything answers, what its
    body is or, without one, its headers."""
    contents: list[Schema] = list(answer.get("content", {}).values())
    if not contents:
        return sorted(answer.get("headers", {}).keys() - _ORDINARY)
    kinds = {kind for content in contents for kind in content.get("examples", {})} - _ANYWHERE
    bodies = {content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1] for content in contents}
    return sorted(kinds | (bodies - {"Problem", ""}))


_SECTIONS: Final[Mapping[str, Callable[[Schema], Iterator[_Place]]]] = {
    "headers": _headers,
    "examples": _examples,
    "parameters": _parameters,
    "responses": _responses,
}
"""By section of `components`, what may stand there. Answers come last, for they hold headers and examples."""
