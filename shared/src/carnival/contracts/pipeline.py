"""Events of the category `pipeline`, written by curation-api."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from carnival.contracts.envelope import Event, Value
from carnival.contracts.ids import PipelineId

PoolName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
"""A pool of GPU servers. It is a subject token, so its alphabet is small."""

DEFAULT_POOL = "default"


class StepDefinition(Value):
    """One step of one pipeline version (MOD-2).

    `template` is the text of a ComfyUI workflow in API format with placeholders `{{name}}` (SUB-1).
    `slug` is the folder name made of the step's name (PAY-6). `child_cap` replaces N for the children made at this step
    (SEL-13). `result_node` names the node whose image is the candidate; without it, of those that save images the first
    by number.
    """

    order: Annotated[int, Field(ge=1)]
    name: Annotated[str, Field(min_length=1)]
    slug: str
    template: Annotated[str, Field(min_length=1)]
    needs_prompt: bool = False
    needs_parent: bool = False
    needs_variables: bool = False
    child_cap: Annotated[int, Field(ge=1)] | None = None
    pool: PoolName = DEFAULT_POOL
    result_node: str | None = None


Scalar = str | int | float | bool


class VariableType(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class VariableDefinition(Value):
    """What a run brings for a placeholder (MOD-3).

    A run that does not bring it gets the `default`; None: it must. `minimum` and `maximum` bound a number, or the
    length of a text. `choices` are all values of a choice.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,64}$")]
    type: VariableType = VariableType.TEXT
    default: Scalar | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Scalar, ...] = ()
    description: str = ""


class PipelineDefined(Event):
    """One immutable version of a pipeline. Versions count from 1; steps are sorted by order.

    `variables` are declared ones; a placeholder that is not among them takes any value of a run's variable of its name.
    """

    wire_name: ClassVar[str] = "PipelineDefined"

    pipeline_id: PipelineId
    version: Annotated[int, Field(ge=1)]
    name: Annotated[str, Field(min_length=1)]
    description: str = ""
    steps: tuple[StepDefinition, ...] = ()
    variables: tuple[VariableDefinition, ...] = ()
