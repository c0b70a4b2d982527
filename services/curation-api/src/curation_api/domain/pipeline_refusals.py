"""Why a pipeline, its variables or the values of a run cannot be used."""

from __future__ import annotations

from curation_api.domain.refusals import Invalid


class BadSteps(Invalid):
    """MOD-2."""

    kind = "bad-steps"
    title = "The steps do not form a pipeline"
    advice = "Orders are whole numbers from 1, each used once; steps need a name and a template."


class BadTemplate(Invalid):
    """MOD-2, PAY-8: a template that can never become a workflow."""

    kind = "bad-template"
    title = "A step's template is no workflow"
    advice = "Export the workflow from ComfyUI in API format (Workflow, Export (API)) and paste that."


class MissingVariable(Invalid):
    """SUB-5, PAY-7: a placeholder that can never be filled."""

    kind = "missing-variable"
    title = "A placeholder can never be filled"
    advice = "Give the run a prompt or a variable of this name, or take the placeholder out of the template."


class BadVariable(Invalid):
    kind = "bad-variable"
    title = "A run variable cannot be used"
    advice = "The detail says of each variable what it must be; the pipeline's `form` says the same."


class BadDeclaration(Invalid):
    """MOD-3: a variable of a pipeline that no value can fill."""

    kind = "bad-declaration"
    title = "A variable is declared wrongly"
    advice = "Bounds belong to numbers and texts, choices to a choice; a default must fit what is declared."


class BadMatrix(Invalid):
    kind = "bad-matrix"
    title = "The values do not form a matrix"
    advice = "Give each variable at least one value, each once; their combinations are 100 runs at the most."
