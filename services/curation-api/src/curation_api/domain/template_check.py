"""Whether a template can become a ComfyUI workflow in API format, found when it is saved (MOD-2, PAY-8)."""

from __future__ import annotations

from curation_api.domain.pipeline_refusals import BadTemplate
from curation_api.domain.refusals import Fact
from curation_api.domain.template_text import Json, Unparsable, parse_template
from curation_api.domain.workflow_flaws import flaws_of

HOW_TO_EXPORT = (
    "This is the workflow as the ComfyUI editor saves it. Export it in API format instead: "
    "Workflow > Export (API); in older versions switch on 'Enable Dev mode options' and choose 'Save (API Format)'."
)


def check_template(step: str, template: str, result_node: str | None) -> None:
    """Returns if the template is plausible. Raises BadTemplate naming `step` and the place."""
    subject = f"The template of step {step!r}"
    flaw = next(flaws_of(read_workflow(template, subject, step=step), result_node), None)
    if flaw:
        raise BadTemplate(f"{subject} is no workflow. {flaw.message}", step=step)


def read_workflow(template: str, subject: str, **facts: Fact) -> dict[str, Json]:
    """The nodes by their ids, whatever they are like. Raises BadTemplate about `subject`, with `facts`."""
    try:
        value = parse_template(template)
    except Unparsable as error:
        where = f" at line {error.line}, column {error.column}" if error.line else ""
        raise BadTemplate(
            f"{subject} is no JSON{where}: {error.problem}", **facts, line=error.line, column=error.column
        ) from error
    if not isinstance(value, dict):
        raise BadTemplate(f"{subject} is no workflow. It must be an object of nodes by their ids.", **facts)
    if problem := _format_problem(value):
        raise BadTemplate(f"{subject} is no workflow. {problem}", **facts)
    return value


def _format_problem(value: dict[str, Json]) -> str | None:
    if isinstance(value.get("nodes"), list):
        return HOW_TO_EXPORT
    if isinstance(value.get("prompt"), dict):
        return "This is a whole request; give the value of its 'prompt' alone."
    return None if value else "It holds no node."
