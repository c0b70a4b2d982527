"""An example of anything a schema describes: worked examples, the story, the fields' own examples, the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from curation_api.adapters.http.document.story import OUTCOMES, STORY, Another, Members
from curation_api.adapters.http.document.vocabulary import MOMENT, WORDS
from curation_api.adapters.http.document.worked_example import worked_examples

DEPTH_MAX: Final = 20

Schema = dict[str, Any]

_FREE_FORM: Final[Mapping[str, Any]] = {"variables": {"style": "film grain"}}


class Examples:
    """Makes examples; `components` are the document's schemas by name."""

    def __init__(self, components: Mapping[str, Schema]) -> None:
        self._components = components
        self._worked = worked_examples()

    def of(self, schema: Schema, name: str = "", depth: int = 0) -> Any:
        """One example of `schema`; `name` is the member or parameter it stands for."""
        if found := schema.get("examples"):
            return found[0]
        if "$ref" in schema:
            component = schema["$ref"].rsplit("/", 1)[-1]
            if component in self._worked:
                return deepcopy(self._worked[component])
            found = self.of(self._components[component], name, depth + 1)
            return self._changed(found, STORY[component]) if component in STORY else found
        if "const" in schema:
            return schema["const"]
        word = WORDS.get(name)
        if word is not None and word.example is not None and _fits(schema, word.example):
            return word.example
        for choice in ("anyOf", "oneOf", "allOf"):
            if options := schema.get(choice):
                return self._of_options(options, name, depth)
        if "enum" in schema:
            return schema["enum"][0]
        return self._of_type(schema, name, depth)

    def of_answer(self, schema: Schema, operation: str) -> Any:
        """An example of what `operation` answers. An answer to a command names the thing that it shows."""
        outcome = OUTCOMES.get(operation, {})
        whole = self._changed(self.of(schema), outcome) if outcome else self.of(schema)
        match whole:
            case {"id": _, "result": dict(shown)} if "id" not in outcome:
                named = next((value for member, value in shown.items() if member.endswith("_id")), whole["id"])
                return {**whole, "id": named}
            case _:
                return whole

    def _changed(self, example: dict[str, Any], members: Members) -> dict[str, Any]:
        """`example` with `members` in place of its own; what is within them changes what is within it."""
        return {**example, **{name: self._told(value, example.get(name)) for name, value in members.items()}}

    def _told(self, value: Any, before: Any) -> Any:
        match value:
            case Another(schema, members):
                return self._changed(self.of({"$ref": f"#/components/schemas/{schema}"}), members)
            case dict():
                return self._changed(before if isinstance(before, dict) else {}, value)
            case list():
                return [self._told(one, None) for one in value]
            case _:
                return value

    def _of_options(self, options: list[Schema], name: str, depth: int) -> Any:
        """Of the first that is not null; null rather than a text made of nothing but its name."""
        first = next((one for one in options if one.get("type") != "null"), options[0])
        found = self.of(first, name, depth)
        return None if found == name and {"type": "null"} in options else found

    def members_of(self, schema: Schema) -> dict[str, Schema]:
        """The members of what `schema` refers to, by name."""
        return self._components[schema["$ref"].rsplit("/", 1)[-1]].get("properties", {})

    def _of_type(self, schema: Schema, name: str, depth: int) -> Any:
        match schema.get("type"):
            case "object":
                return self._object(schema, name, depth)
            case "array":
                return [] if depth > DEPTH_MAX else [self.of(schema.get("items", {}), name, depth + 1)]
            case "string":
                return MOMENT if schema.get("format") == "date-time" else schema.get("default", name)
            case "integer" | "number":
                return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
            case "boolean":
                return bool(schema.get("default", True))
            case _:
                return None

    def _object(self, schema: Schema, name: str, depth: int) -> dict[str, Any]:
        if depth > DEPTH_MAX:
            return {}
        members: dict[str, Schema] = schema.get("properties", {})
        if not members:
            return dict(_FREE_FORM.get(name, {}))
        return {member: self.of(found, member, depth + 1) for member, found in members.items()}


def _fits(schema: Schema, example: Any) -> bool:
    """Whether an example of the vocabulary may stand here: the same word names a number and a list elsewhere."""
    options = [schema, *schema.get("anyOf", ())]
    return any(type(example) in _TYPES.get(one.get("type", ""), ()) and _allowed(one, example) for one in options)


def _allowed(schema: Schema, example: Any) -> bool:
    within = not isinstance(example, int | float) or schema.get("minimum", example) <= example
    matches = not isinstance(example, str) or re.search(schema.get("pattern", ""), example) is not None
    return within and matches and example in schema.get("enum", [example])


_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
