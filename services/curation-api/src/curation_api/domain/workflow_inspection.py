"""What a pasted workflow is like: its flaws, its placeholders, and its inputs offered as placeholders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice
from typing import Final

from curation_api.domain.binding import BindingKind, Find, finds_of, title_of, word_of
from curation_api.domain.placeholders import PARENT_NAMES, PROMPT, SYSTEM_NAMES, placeholders_of
from curation_api.domain.refusals import TooLarge
from curation_api.domain.template_check import read_workflow
from curation_api.domain.template_text import Json, template_of
from curation_api.domain.workflow_flaws import Flaw, Nodes, flaws_of, inputs_of, nodes_of, output_nodes

NODES_MAX: Final = 2000
FLAWS_MAX: Final = 50
OFFERS_MAX: Final = 500

SHARED_NAMES: Final = SYSTEM_NAMES
"""What the system fills anew for each job: any number of inputs may have it."""

_RECOMMENDED: Final = frozenset({BindingKind.PROMPT, BindingKind.SEED, BindingKind.IMAGE})


class Accept(StrEnum):
    """Which offers the template is answered with."""

    NONE = "none"
    RECOMMENDED = "recommended"
    ALL = "all"


class Filler(StrEnum):
    """Who gives a placeholder its value."""

    SYSTEM = "system"
    PARENT = "parent"
    RUN = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An input that could become a placeholder. `by_title`: the name its node's title suggests."""

    node: str
    class_type: str
    title: str
    input: str
    value: Json
    kind: BindingKind
    placeholder: str
    by_title: str | None

    @property
    def replacement(self) -> str:
        """What stands in the input once the offer is accepted."""
        return f"{{{{{self.placeholder}}}}}"

    @property
    def recommended(self) -> bool:
        return self.kind in _RECOMMENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A placeholder the template has. `resembles`: a name the system knows, where this one may be a slip of it."""

    name: str
    filled_by: Filler
    resembles: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    nodes: int
    flaws: tuple[Flaw, ...]
    outputs: tuple[str, ...]
    offers: tuple[Offer, ...]
    left_out: int
    template: str
    used: tuple[Used, ...]


def inspect_workflow(text: str, accept: Accept, *, is_first: bool) -> Inspection:
    """Raises BadTemplate for what is no workflow in API format, TooLarge for more nodes than are looked at.

    `used` describes the template with the accepted offers set. A first step has no parent, so nothing is offered as
    the parent's image there.
    """
    workflow = read_workflow(text, "The text")
    if len(workflow) > NODES_MAX:
        raise TooLarge(f"The workflow has {len(workflow)} nodes; {NODES_MAX} are looked at", nodes=len(workflow))
    nodes = nodes_of(workflow)
    offers = _offers(nodes, placeholders_of(text), is_first=is_first)
    named = offers[:OFFERS_MAX]
    accepted = [one for one in named if accept is Accept.ALL or (accept is Accept.RECOMMENDED and one.recommended)]
    template = template_of(_bound(workflow, accepted), text) if accepted else text
    return Inspection(
        nodes=len(nodes),
        flaws=tuple(islice(flaws_of(workflow), FLAWS_MAX)),
        outputs=output_nodes(nodes),
        offers=named,
        left_out=len(offers) - len(named),
        template=template,
        used=tuple(_used(name) for name in placeholders_of(template)),
    )


def _offers(nodes: Nodes, present: Sequence[str], *, is_first: bool) -> tuple[Offer, ...]:
    finds = finds_of(nodes)
    if is_first:
        finds = tuple(replace(find, wish="image") if find.wish in PARENT_NAMES else find for find in finds)
    names = _Names(present)
    return tuple(_offer(nodes, find, names) for find in finds)


def _offer(nodes: Nodes, find: Find, names: _Names) -> Offer:
    node = nodes[find.place.node]
    value = inputs_of(node)[find.place.input]
    title = title_of(node)
    by_title = word_of(title) if title != node["class_type"] else None
    return Offer(
        node=find.place.node,
        class_type=str(node["class_type"]),
        title=title,
        input=find.place.input,
        value=value,
        kind=find.kind,
        placeholder=find.wish if find.asked else names.give(find.wish, by_title, value),
        by_title=by_title,
    )


class _Names:
    """Gives placeholders: equal values of one wish share a name, others are told apart by title, then by number."""

    def __init__(self, present: Iterable[str]) -> None:
        self._taken: dict[str, tuple[str, Json] | None] = dict.fromkeys(present)

    def give(self, wish: str, title: str | None, value: Json) -> str:
        if wish in SHARED_NAMES:
            return wish
        titled = [f"{title}_{wish}"[:80]] if title and title != wish else []
        for name in (wish, *titled, *(f"{wish}_{number}" for number in range(2, OFFERS_MAX + len(self._taken) + 3))):
            held = self._taken.setdefault(name, (wish, value)) if name not in SHARED_NAMES else None
            if held is not None and held[0] == wish and _same(held[1], value):
                return name
        raise AssertionError("there are more numbers than offers")


def _same(one: Json, other: Json) -> bool:
    return type(one) is type(other) and one == other


def _bound(workflow: Mapping[str, Json], accepted: Iterable[Offer]) -> dict[str, Json]:
    bound = dict(workflow)
    for offer in accepted:
        node = bound[offer.node]
        if isinstance(node, dict) and isinstance(inputs := node.get("inputs"), dict):
            filled: dict[str, Json] = {**inputs, offer.input: offer.replacement}
            bound[offer.node] = {**node, "inputs": filled}
    return bound


def _used(name: str) -> Used:
    known = SYSTEM_NAMES | PARENT_NAMES | {PROMPT}
    close = [] if name in known else get_close_matches(name, sorted(known), n=1, cutoff=0.85)
    return Used(name=name, filled_by=_filler(name), resembles=close[0] if close else None)


def _filler(name: str) -> Filler:
    if name in SYSTEM_NAMES:
        return Filler.SYSTEM
    return Filler.PARENT if name in PARENT_NAMES else Filler.RUN
