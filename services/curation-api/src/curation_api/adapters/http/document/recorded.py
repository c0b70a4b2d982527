"""The events of the log in the document: a schema for each type, named as the type is."""

from __future__ import annotations

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from carnival.contracts.catalogue import CATALOGUE, WRITERS
from curation_api.adapters.http.document.event_words import EVENT_WORDS
from curation_api.adapters.http.document.examples import Schema
from curation_api.adapters.http.document.headers import SCHEMA_PREFIX

PREFIX_OF_NAMESAKES: Final = "Recorded"
"""Before the name of a value within events, where an answer has a schema of that name that says something else."""


def add_events(components: dict[str, Schema]) -> None:
    """Puts the schemas of all events into `components`, and says at EventView that they are there."""
    found = event_schemas(components)
    components |= found
    members: dict[str, Schema] = components["EventView"]["properties"]
    members["type"] |= {
        "description": (
            "The type of the event, one of `x-known-types`. Later versions of the hub will know more of them; of an"
            " entry that this one cannot read it is the header `ce-type` as it came, or `unknown`."
        ),
        "examples": ["VoteCast"],
        "x-known-types": sorted(CATALOGUE),
    }
    members["event"] |= {
        "description": (
            "The event's own members: the schema below `components` that is named as `type` says (`x-schema-of-type`)."
            " Ignore members you do not know. Null where the entry cannot be read and, unless an operator asks, where"
            " it is about access."
        ),
        "x-schema-of-type": {name: SCHEMA_PREFIX + name for name in sorted(CATALOGUE)},
    }


def event_schemas(components: dict[str, Schema]) -> dict[str, Schema]:
    """Schemas of all events and of the values in them, by a name that no other schema of `components` has."""
    kinds: list[Any] = [(kind, "serialization") for kind in WRITERS]
    _, whole = models_json_schema(kinds, ref_template=SCHEMA_PREFIX + "{model}")
    plain: dict[str, Schema] = whole["$defs"]
    namesakes = {name for name, schema in plain.items() if components.get(name, schema) != schema}
    found = {_name(name, namesakes): _renamed(schema, namesakes) for name, schema in plain.items()}
    added = {name: schema for name, schema in found.items() if name not in components}
    for name in namesakes:
        added[_name(name, namesakes)]["title"] = _name(name, namesakes)
    for schema in added.values():
        for name, member in schema.get("properties", {}).items():
            if name in EVENT_WORDS:
                member.setdefault("description", EVENT_WORDS[name])
    for name, kind in CATALOGUE.items():
        writers = ", ".join(sorted(WRITERS[kind]))
        words = [added[name].get("description", ""), f"Event, version {kind.schema_version}, written by {writers}."]
        added[name]["description"] = "\n\n".join(filter(None, words))
    return added


def _name(name: str, namesakes: set[str]) -> str:
    return PREFIX_OF_NAMESAKES + name if name in namesakes else name


def _renamed(part: Any, namesakes: set[str]) -> Any:
    """`part` of a schema with the references in it leading to the new names."""
    match part:
        case {"$ref": str(target), **others}:
            name = target.removeprefix(SCHEMA_PREFIX)
            return {"$ref": SCHEMA_PREFIX + _name(name, namesakes), **others}
        case dict():
            return {key: _renamed(value, namesakes) for key, value in part.items()}
        case list():
            return [_renamed(value, namesakes) for value in part]
        case _:
            return part
