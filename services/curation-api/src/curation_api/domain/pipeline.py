"""Defining pipelines and their versions (MOD-1, MOD-2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from carnival.contracts.ids import PipelineId
from carnival.contracts.pipeline import DEFAULT_POOL, PipelineDefined, StepDefinition, VariableDefinition
from curation_api.domain.pipeline_refusals import BadSteps
from curation_api.domain.placeholders import PARENT_NAMES, PROMPT, asked_of_a_run, placeholders_of
from curation_api.domain.refusals import BadText
from curation_api.domain.slug import step_slug
from curation_api.domain.template_check import check_template
from curation_api.domain.variable import check_declarations


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """A step as a person gives it."""

    order: int
    name: str
    template: str
    needs_prompt: bool = False
    needs_parent: bool = False
    needs_variables: bool = False
    child_cap: int | None = None
    pool: str = DEFAULT_POOL
    result_node: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinePipeline:
    """The next version of a pipeline, or its first."""

    name: str
    description: str = ""
    steps: tuple[StepDraft, ...] = ()
    variables: tuple[VariableDefinition, ...] = ()


def define_pipeline(command: DefinePipeline, pipeline_id: PipelineId, last_version: int) -> PipelineDefined:
    """The version behind `last_version`, 0 for none. Raises BadText, BadSteps, BadTemplate, BadDeclaration."""
    name = command.name.strip()
    if not name:
        raise BadText("A pipeline needs a name")
    orders = Counter(step.order for step in command.steps)
    if twice := [order for order, count in orders.items() if count > 1]:
        raise BadSteps(f"Two steps have the order {min(twice)}")
    check_declarations(command.variables)
    return PipelineDefined(
        pipeline_id=pipeline_id,
        version=last_version + 1,
        name=name,
        description=command.description,
        steps=tuple(_definition(step) for step in sorted(command.steps, key=lambda step: step.order)),
        variables=command.variables,
    )


def warnings_about(steps: Sequence[StepDefinition], variables: Sequence[VariableDefinition] = ()) -> tuple[str, ...]:
    """What is allowed but hardly meant, as sentences."""
    used = {name for step in steps for name in placeholders_of(step.template)}
    found = [f"No template asks for the variable {one.name}." for one in variables if one.name not in used]
    for step in steps:
        names = set(placeholders_of(step.template))
        is_first = step.order == steps[0].order
        if step.needs_prompt and PROMPT not in names:
            found.append(f"Step {step.name!r} needs the prompt, but its template has no {{{{prompt}}}}.")
        if step.needs_parent and not names & PARENT_NAMES:
            found.append(f"Step {step.name!r} needs its parent's image, but its template has no {{{{parent_image}}}}.")
        if is_first and names & PARENT_NAMES:
            found.append(f"Step {step.name!r} comes first and has no parent, but its template asks for one.")
    return tuple(found)


def form_of(steps: Sequence[StepDefinition], variables: Sequence[VariableDefinition]) -> tuple[VariableDefinition, ...]:
    """What a run can bring: the declared variables, then a text for each other name its steps ask for."""
    declared = {one.name for one in variables}
    others = tuple(VariableDefinition(name=name) for name in _asked(steps) if name not in declared)
    return (*variables, *others)


def variables_asked(steps: Sequence[StepDefinition], variables: Sequence[VariableDefinition] = ()) -> tuple[str, ...]:
    """The names that a run of these steps must bring along, each once, in order of appearance."""
    filled = {one.name for one in variables if one.default is not None}
    return tuple(name for name in _asked(steps) if name not in filled)


def _asked(steps: Sequence[StepDefinition]) -> tuple[str, ...]:
    names = [name for step in steps for name in asked_of_a_run(step.template, is_first=step.order == steps[0].order)]
    if any(step.needs_prompt for step in steps):
        names.append(PROMPT)
    return tuple(dict.fromkeys(names))


def _definition(step: StepDraft) -> StepDefinition:
    name = step.name.strip()
    if not name:
        raise BadSteps(f"The step of order {step.order} needs a name")
    if step.order < 1:
        raise BadSteps(f"Orders count from 1, step {name!r} has {step.order}")
    if not step.template.strip():
        raise BadSteps(f"Step {name!r} needs a workflow template")
    check_template(name, step.template, step.result_node)
    return StepDefinition(
        order=step.order,
        name=name,
        slug=step_slug(name, step.order),
        template=step.template,
        needs_prompt=step.needs_prompt,
        needs_parent=step.needs_parent,
        needs_variables=step.needs_variables,
        child_cap=step.child_cap,
        pool=step.pool,
        result_node=step.result_node,
    )
