"""Inputs of a workflow worth binding to a placeholder: found by what samplers are fed with, by name and by title.

A workflow in API format says no types, so what an input means is told by where it leads: the text behind a sampler's
`positive` is the prompt. A number wired in from a primitive node counts as the input it feeds.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from curation_api.domain.slug import slug_of
from curation_api.domain.template_text import Json, is_open
from curation_api.domain.workflow_flaws import Node, Nodes, inputs_of, link_of

NAME_LENGTH_MAX: Final = 60
HOPS_MAX: Final = 20
"""Nodes a value is followed through."""


class BindingKind(StrEnum):
    PROMPT = "prompt"
    NEGATIVE_PROMPT = "negative_prompt"
    TEXT = "text"
    SEED = "seed"
    IMAGE = "image"
    SIZE = "size"
    BATCH = "batch"
    SAMPLING = "sampling"
    MODEL = "model"
    FILENAME = "filename"
    TITLED = "titled"
    """Nothing but the node's title speaks for it."""


class Place(NamedTuple):
    """One input of one node."""

    node: str
    input: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """An input worth binding. `wish` is the placeholder it would have, were it the only one of its kind.

    `asked`: a person named it so in the node's title.
    """

    place: Place
    kind: BindingKind
    wish: str
    asked: bool = False


_TEXTS: Final = ("text", "text_g", "text_l", "clip_l", "clip_g", "t5xxl", "prompt", "string", "value")
_ASIDE: Final = frozenset(
    {"clip", "model", "vae", "image", "images", "pixels", "mask", "control_net", "clip_vision_output", "latent_image"}
    | {"style_model", "samples", "sampler", "sigmas", "noise", "guider"}
)
"""Inputs that no words come through."""

_GUIDERS: Final = {"BasicGuider": "conditioning"}
_BY_INPUT: Final[Mapping[str, tuple[BindingKind, str]]] = {
    "seed": (BindingKind.SEED, "auto_seed"),
    "noise_seed": (BindingKind.SEED, "auto_seed"),
    "width": (BindingKind.SIZE, "width"),
    "height": (BindingKind.SIZE, "height"),
    "batch_size": (BindingKind.BATCH, "batch_size"),
    "steps": (BindingKind.SAMPLING, "steps"),
    "cfg": (BindingKind.SAMPLING, "cfg"),
    "guidance": (BindingKind.SAMPLING, "guidance"),
    "denoise": (BindingKind.SAMPLING, "denoise"),
    "sampler_name": (BindingKind.SAMPLING, "sampler"),
    "scheduler": (BindingKind.SAMPLING, "scheduler"),
    "filename_prefix": (BindingKind.FILENAME, "run_name"),
}
_NUMERIC: Final = frozenset({BindingKind.SEED, BindingKind.SIZE, BindingKind.BATCH})
_MODEL_FILE: Final = re.compile(r".+\.(safetensors|sft|ckpt|pth?|bin|gguf|onnx)", re.IGNORECASE)
_TITLE_ASKS: Final = re.compile(r"\s*\{\{([A-Za-z0-9_]+)\}\}\s*")


def finds_of(nodes: Nodes) -> tuple[Find, ...]:
    """All inputs worth binding, each once, in the order in which one would want to decide on them."""
    found: dict[Place, Find] = {}
    for find in (*_prompts(nodes), *_by_input(nodes), *_texts(nodes), *_by_title(nodes)):
        found.setdefault(find.place, find)
    ranks = {kind: rank for rank, kind in enumerate(BindingKind)}
    return tuple(sorted(found.values(), key=lambda find: ranks[find.kind]))


def title_of(node: Node) -> str:
    """The title a person gave the node, else its class."""
    meta = node.get("_meta")
    title = meta.get("title") if isinstance(meta, dict) else None
    return title if isinstance(title, str) and title.strip() else str(node["class_type"])


def word_of(text: str) -> str:
    """`text` as a placeholder's name; empty if nothing of it can stand in one."""
    return slug_of(text).replace("-", "_")[:NAME_LENGTH_MAX]


def _prompts(nodes: Nodes) -> Iterator[Find]:
    for side, kind in (("positive", BindingKind.PROMPT), ("negative", BindingKind.NEGATIVE_PROMPT)):
        for node in nodes.values():
            source = side
            if kind is BindingKind.PROMPT:
                source = _GUIDERS.get(str(node["class_type"]), side)
            if (target := link_of(inputs_of(node).get(source))) is not None:
                for place in _words_behind(nodes, target, side):
                    yield Find(place=place, kind=kind, wish=kind.value)


def _words_behind(nodes: Nodes, start: str, side: str) -> Iterator[Place]:
    """The texts that flow into `start`; a node with both sides passes on its own `side` alone."""
    ahead, seen = deque([(start, 0)]), {start}
    while ahead:
        name, hops = ahead.popleft()
        inputs = inputs_of(nodes[name]) if name in nodes else {}
        own = [Place(name, one) for one in _TEXTS if isinstance(inputs.get(one), str)]
        if own:
            yield from (place for place in own if _bindable(inputs[place.input]))
            continue
        both = "positive" in inputs and "negative" in inputs
        for one, value in inputs.items():
            target = link_of(value)
            follows = one == side if both else one not in _ASIDE
            if target is not None and follows and target not in seen and hops < HOPS_MAX:
                seen.add(target)
                ahead.append((target, hops + 1))


def _by_input(nodes: Nodes) -> Iterator[Find]:
    for name, node in nodes.items():
        for one, value in inputs_of(node).items():
            meaning = _BY_INPUT.get(one) or _of_file(str(node["class_type"]), one, value)
            place = _source(nodes, Place(name, one)) if meaning else None
            if meaning is None or place is None:
                continue
            kind, wish = meaning
            if kind not in _NUMERIC or _is_whole(inputs_of(nodes[place.node])[place.input]):
                yield Find(place=place, kind=kind, wish=wish)


def _of_file(class_type: str, name: str, value: Json) -> tuple[BindingKind, str] | None:
    if name == "image" and class_type.startswith("LoadImage") and isinstance(value, str):
        return BindingKind.IMAGE, "parent_image" if class_type == "LoadImage" else "mask_image"
    if isinstance(value, str) and _MODEL_FILE.fullmatch(value):
        return BindingKind.MODEL, word_of(name)
    return None


def _source(nodes: Nodes, place: Place) -> Place | None:
    """Where the value of an input stands: there, or in a node of a single input that is wired to it."""
    for _ in range(HOPS_MAX):
        value = inputs_of(nodes[place.node])[place.input]
        target = link_of(value)
        if target is None:
            return place if _bindable(value) else None
        if target not in nodes or len(inputs_of(nodes[target])) != 1:
            return None
        place = Place(target, next(iter(inputs_of(nodes[target]))))
    return None


def _texts(nodes: Nodes) -> Iterator[Find]:
    for name, node in nodes.items():
        inputs = inputs_of(node)
        if "TextEncode" in str(node["class_type"]):
            for one in _TEXTS:
                if isinstance(inputs.get(one), str) and _bindable(inputs[one]):
                    yield Find(place=Place(name, one), kind=BindingKind.TEXT, wish=word_of(title_of(node)) or "text")


def _by_title(nodes: Nodes) -> Iterator[Find]:
    """A node titled `{{name}}` asks to be bound to that name; a primitive one with a title of its own to that."""
    for name, node in nodes.items():
        title, class_type = title_of(node), str(node["class_type"])
        value = next((one for one, value in inputs_of(node).items() if _bindable(value)), None)
        if value is None:
            continue
        place = Place(name, value)
        if asked := _TITLE_ASKS.fullmatch(title):
            yield Find(place=place, kind=BindingKind.TITLED, wish=asked[1], asked=True)
        elif class_type.startswith("Primitive") and title != class_type and (word := word_of(title)):
            yield Find(place=place, kind=BindingKind.TITLED, wish=word)


def _bindable(value: Json) -> bool:
    return isinstance(value, str | int | float) and not is_open(value)


def _is_whole(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
