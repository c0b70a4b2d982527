"""A pasted workflow as clients see it."""

from __future__ import annotations

from typing import Self

from pydantic import Field, JsonValue

from curation_api.application.views.page import View
from curation_api.domain.binding import BindingKind
from curation_api.domain.placeholders import PARENT_NAMES, PROMPT
from curation_api.domain.workflow_flaws import Flaw, FlawKind
from curation_api.domain.workflow_inspection import Filler, Inspection, Offer, Used


class FlawView(View):
    kind: FlawKind = Field(description="What kind of flaw it is.")
    message: str = Field(
        description="What is wrong.", examples=["Node '3' is linked to node '9', which does not exist."]
    )
    nodes: list[str] = Field(description="Ids of the nodes it is about.")

    @classmethod
    def of(cls, flaw: Flaw) -> Self:
        return cls(kind=flaw.kind, message=flaw.message, nodes=list(flaw.nodes))


class BindingView(View):
    """An input that could become a placeholder."""

    node: str = Field(description="Id of the node.", examples=["6"])
    class_type: str = Field(description="Class of the node.", examples=["CLIPTextEncode"])
    title: str = Field(description="Title of the node in the editor, else its class.", examples=["What to paint"])
    input: str = Field(description="Name of the input.", examples=["text"])
    value: JsonValue = Field(description="What stands there now.", examples=["a pier at dusk"])
    kind: BindingKind = Field(description="What the input decides.")
    placeholder: str = Field(
        description="Suggested name; inputs that share it get the same value.", examples=["prompt"]
    )
    by_title: str | None = Field(
        description="The name its title suggests; null for a node without a title.", examples=["what_to_paint"]
    )
    replacement: str = Field(description="What to put into the input to accept the offer.", examples=["{{prompt}}"])
    recommended: bool = Field(description="What nearly every template wants bound: prompt, seed and parent image.")

    @classmethod
    def of(cls, offer: Offer) -> Self:
        return cls(
            node=offer.node,
            class_type=offer.class_type,
            title=offer.title,
            input=offer.input,
            value=offer.value,
            kind=offer.kind,
            placeholder=offer.placeholder,
            by_title=offer.by_title,
            replacement=offer.replacement,
            recommended=offer.recommended,
        )


class UsedPlaceholder(View):
    name: str = Field(description="The placeholder's name, without its braces.")
    filled_by: Filler = Field(description="run: a run must bring it as a variable (or as its prompt).")
    resembles: str | None = Field(description="A name the system knows, where this one may be a slip of it.")

    @classmethod
    def of(cls, used: Used) -> Self:
        return cls(name=used.name, filled_by=used.filled_by, resembles=used.resembles)


class WorkflowInspection(View):
    nodes: int = Field(description="How many nodes it has.")
    flaws: list[FlawView] = Field(description="What keeps it from running; empty for a sound workflow.")
    outputs: list[str] = Field(description="Ids of the nodes that save an image.")
    bindings: list[BindingView] = Field(description="Inputs worth binding.")
    left_out: int = Field(description="Further inputs that are not shown.")
    template: str = Field(description="The workflow with the accepted placeholders set.")
    placeholders: list[UsedPlaceholder] = Field(
        description="What the template uses, in order of appearance.",
        examples=[[{"name": "parent_imgae", "filled_by": "run", "resembles": "parent_image"}]],
    )
    needs_prompt: bool = Field(description="Whether a step of this template should say so.")
    needs_parent: bool = Field(description="Whether a step of this template should say so.")

    @classmethod
    def of(cls, found: Inspection) -> Self:
        names = {used.name for used in found.used}
        return cls(
            nodes=found.nodes,
            flaws=[FlawView.of(flaw) for flaw in found.flaws],
            outputs=list(found.outputs),
            bindings=[BindingView.of(offer) for offer in found.offers],
            left_out=found.left_out,
            template=found.template,
            placeholders=[UsedPlaceholder.of(used) for used in found.used],
            needs_prompt=PROMPT in names,
            needs_parent=bool(PARENT_NAMES & names),
        )
