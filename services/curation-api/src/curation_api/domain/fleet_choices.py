"""What the servers of a pool have for the inputs of a node class: model files, samplers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from carnival.contracts.fleet import PresentNode


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, and how many servers have it."""

    value: str
    servers: int


@dataclass(frozen=True, slots=True)
class InputChoices:
    input: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassChoices:
    """`servers` of the pool are present, `knowing` of them have the node class."""

    servers: int
    knowing: int
    inputs: Sequence[InputChoices]


def choices_of(class_type: str, pool: Sequence[PresentNode]) -> ClassChoices:
    """By input, those values first that most servers have, then by name. Inputs that choose from no list have none."""
    kinds = [node.capabilities for node in pool if node.capabilities and class_type in node.capabilities.classes]
    found = dict[str, Counter[str]]()
    for kind in kinds:
        for name, place in kind.classes[class_type].items():
            found.setdefault(name, Counter()).update(set(kind.shelves[place]))
    inputs = [InputChoices(name, _most_first(values)) for name, values in sorted(found.items())]
    return ClassChoices(servers=len(pool), knowing=len(kinds), inputs=inputs)


def _most_first(values: Counter[str]) -> Sequence[Choice]:
    return [Choice(*one) for one in sorted(values.items(), key=lambda one: (-one[1], one[0]))]
