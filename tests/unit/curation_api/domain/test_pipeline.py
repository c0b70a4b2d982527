"""MOD-1, MOD-2."""

from __future__ import annotations

import pytest

from carnival.contracts.ids import PipelineId
from carnival.testing.examples import TEMPLATE, step
from curation_api.domain.pipeline import DefinePipeline, StepDraft, define_pipeline, variables_asked, warnings_about
from curation_api.domain.pipeline_refusals import BadSteps, BadTemplate
from curation_api.domain.refusals import BadText, Refusal

P = PipelineId("p1")


def draft(order: int, name: str = "Base", **fields: object) -> StepDraft:
    return StepDraft(**{"order": order, "name": name, "template": TEMPLATE, **fields})  # type: ignore[arg-type]


def test_steps_are_sorted_named_and_given_slugs() -> None:
    command = DefinePipeline(name=" Portrait ", steps=(draft(7, "Face Fix", needs_parent=True), draft(2, "??")))
    event = define_pipeline(command, P, 4)
    assert (event.name, event.version) == ("Portrait", 5)
    assert [(found.order, found.slug) for found in event.steps] == [(2, "step-2"), (7, "face-fix")]
    assert event.steps[1].needs_parent


def test_a_pipeline_may_have_no_step_yet() -> None:
    assert define_pipeline(DefinePipeline(name="Empty"), P, 0).steps == ()


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (DefinePipeline(name="  "), BadText),
        (DefinePipeline(name="P", steps=(draft(1), draft(1, "Other"))), BadSteps),
        (DefinePipeline(name="P", steps=(draft(0),)), BadSteps),
        (DefinePipeline(name="P", steps=(draft(1, " "),)), BadSteps),
        (DefinePipeline(name="P", steps=(draft(1, template=" "),)), BadSteps),
        (DefinePipeline(name="P", steps=(draft(1, template="{"),)), BadTemplate),
    ],
)
def test_what_breaks_a_rule_is_refused(command: DefinePipeline, kind: type[Refusal]) -> None:
    with pytest.raises(kind):
        define_pipeline(command, P, 0)


def test_a_run_is_asked_for_what_neither_system_nor_parent_fills() -> None:
    first = step(1, template="{{auto_seed}} {{style}} {{prompt}}")
    second = step(2, template="{{parent_image}} {{strength}} {{style}}", needs_prompt=True)
    assert variables_asked((first, second)) == ("style", "prompt", "strength")


def test_what_is_hardly_meant_is_said() -> None:
    first = step(1, "Base", template="{{parent_image}}", needs_prompt=True)
    second = step(2, "Fix", template="{}", needs_parent=True)
    found = warnings_about((first, second))
    assert [sentence.split("'")[1] for sentence in found] == ["Base", "Base", "Fix"]
