"""Whether the servers present can do the steps of a pipeline, said before a job fails of it.

A placeholder stands for anything, unless it is the whole value and the run's variables fill it with a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carnival.contracts.capabilities import Capabilities, Lack
from carnival.contracts.fleet import PresentNode
from carnival.contracts.notices import NodeState
from carnival.contracts.pipeline import StepDefinition
from curation_api.domain.placeholders import PLACEHOLDER
from curation_api.domain.template_text import Json, Unparsable, is_open, parse_template

LACKS_NAMED_MAX: Final = 5

NodeInputs = tuple[str, str, Mapping[str, object]]
"""A node's id, class and those of its inputs whose values are known."""


class Readiness(StrEnum):
    READY = "ready"
    MISSING = "missing"
    """No server present has everything."""
    NO_SERVER = "no_server"
    """No server of the pool is present: nothing can be said."""
    UNKNOWN = "unknown"
    """The servers present have not said yet what they can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReadiness:
    """`lacks`: what the closest server lacks; `scattered`: each of it is somewhere in the pool, but nowhere all."""

    order: int
    name: str
    pool: str
    readiness: Readiness
    servers: int
    lacks: tuple[Lack, ...] = ()
    scattered: bool = False

    @property
    def warning(self) -> str | None:
        match self.readiness:
            case Readiness.READY | Readiness.UNKNOWN:
                return None
            case Readiness.NO_SERVER:
                return f"Step {self.name!r}: no server of pool {self.pool!r} is present, so it was not checked."
            case Readiness.MISSING:
                return f"Step {self.name!r}: {self._who_lacks()} {self._things()}."

    def _who_lacks(self) -> str:
        if self.scattered:
            return f"no single server of pool {self.pool!r} has everything; the closest one lacks"
        return f"no server of pool {self.pool!r} has"

    def _things(self) -> str:
        named = ", ".join(lack.words for lack in self.lacks[:LACKS_NAMED_MAX])
        left = len(self.lacks) - LACKS_NAMED_MAX
        return f"{named} and {left} more" if left > 0 else named


def readiness_of(
    steps: Sequence[StepDefinition], nodes: Sequence[PresentNode], variables: Mapping[str, object]
) -> tuple[StepReadiness, ...]:
    """Each step against the servers of its pool. `variables` are the run's, empty before there is one."""
    present = [node for node in nodes if node.presence.state is not NodeState.UNREACHABLE]
    return tuple(
        _readiness(step, [node.capabilities for node in present if node.presence.pool == step.pool], variables)
        for step in steps
    )


def _readiness(
    step: StepDefinition, servers: Sequence[Capabilities | None], variables: Mapping[str, object]
) -> StepReadiness:
    nodes = tuple(_nodes(step.template, variables))
    lacking = [
        tuple(lack for node in nodes for lack in capabilities.lacks(*node))
        for capabilities in servers
        if capabilities is not None
    ]
    closest = min(lacking, key=len, default=())
    if not servers:
        readiness = Readiness.NO_SERVER
    elif not lacking:
        readiness = Readiness.UNKNOWN
    else:
        readiness = Readiness.MISSING if closest else Readiness.READY
    everywhere = tuple(lack for lack in closest if all(lack in found for found in lacking))
    return StepReadiness(
        order=step.order,
        name=step.name,
        pool=step.pool,
        readiness=readiness,
        servers=len(servers),
        lacks=everywhere or closest,
        scattered=bool(closest) and not everywhere,
    )


def _nodes(template: str, variables: Mapping[str, object]) -> Iterator[NodeInputs]:
    """The nodes whose class is known. A template that cannot be read was refused when it was saved."""
    try:
        value = parse_template(template)
    except Unparsable:
        return
    for node_id, node in value.items() if isinstance(value, dict) else ():
        if not isinstance(node, dict) or is_open(node.get("class_type")):
            continue
        inputs = node.get("inputs")
        settled = {name: _settled(one, variables) for name, one in inputs.items()} if isinstance(inputs, dict) else {}
        yield node_id, str(node.get("class_type")), settled


def _settled(value: Json, variables: Mapping[str, object]) -> object:
    """The value as it will be posted; None while that is not known."""
    whole = PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    if whole:
        return variables.get(whole[1])
    return None if is_open(value) else value
