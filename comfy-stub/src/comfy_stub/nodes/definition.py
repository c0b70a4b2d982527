"""What a node class is: its inputs, its outputs and what it does. /object_info, validation and execution read this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from PIL import Image

from comfy_stub.files import Files
from comfy_stub.models import ModelShelf
from comfy_stub.wire import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the choices of an input depend on."""

    files: Files
    models: ModelShelf


Choices = Callable[[Surroundings], list[str]]


def one_of(*names: str) -> Choices:
    return lambda _surroundings: list(names)


def model_in(folder: str) -> Choices:
    return lambda surroundings: surroundings.models.names(folder)


@dataclass(frozen=True, slots=True)
class Input:
    """One input; `type` is a type name or the choices of a list."""

    name: str
    type: str | Choices
    options: JsonObject = field(default_factory=dict[str, Json])
    required: bool = True

    def config(self, surroundings: Surroundings) -> list[Json]:
        """The entry of /object_info, also quoted in validation errors."""
        return [self.type if isinstance(self.type, str) else self.type(surroundings), self.options]


class NodeContext(Protocol):
    """What a running node may ask of the job it belongs to."""

    @property
    def node_id(self) -> str: ...
    @property
    def prompt(self) -> JsonObject: ...
    @property
    def extra_data(self) -> JsonObject: ...
    @property
    def files(self) -> Files: ...
    @property
    def write_metadata(self) -> bool: ...

    def progress(self, value: int, total: int, preview: Image.Image | None = None, *, as_png: bool = False) -> None:
        """Report a tick; raises when the job was interrupted."""
        ...


@dataclass(frozen=True, slots=True)
class NodeResult:
    """One value for each output; `ui` is what goes into `outputs` of the history."""

    values: tuple[Json, ...] = ()
    ui: JsonObject | None = None


Run = Callable[[NodeContext, Mapping[str, Json]], NodeResult]
Check = Callable[[Surroundings, Json], str | None]


@dataclass(frozen=True, slots=True)
class NodeClass:
    """`weight` is the node's share of the time of a job; `check` replaces the checks of the input it names."""

    name: str
    run: Run
    inputs: tuple[Input, ...] = ()
    outputs: tuple[str, ...] = ()
    display_name: str = ""
    description: str = ""
    category: str = "image"
    module: str = "nodes"
    output_node: bool = False
    output_is_list: tuple[bool, ...] = ()
    input_is_list: bool = False
    hidden: tuple[tuple[str, str], ...] = ()
    weight: float = 1.0
    check: tuple[str, Check] | None = None
    fingerprint: Callable[[Surroundings, Mapping[str, Json]], str] | None = None

    def described(self, surroundings: Surroundings) -> JsonObject:
        """The answer of /object_info for this class."""
        inputs: JsonObject = {}
        order: JsonObject = {}
        for section, required in (("required", True), ("optional", False)):
            chosen = [entry for entry in self.inputs if entry.required is required]
            if chosen or (required and not self.hidden):
                inputs[section] = {entry.name: entry.config(surroundings) for entry in chosen}
                order[section] = [entry.name for entry in chosen]
        if self.hidden:
            inputs["hidden"] = dict(self.hidden)
            order["hidden"] = [name for name, _ in self.hidden]
        return {
            "input": inputs,
            "input_order": order,
            "output": list(self.outputs),
            "output_is_list": list(self.output_is_list) or [False] * len(self.outputs),
            "output_name": list(self.outputs),
            "name": self.name,
            "display_name": self.display_name or self.name,
            "description": self.description,
            "python_module": self.module,
            "category": self.category,
            "output_node": self.output_node,
        }
