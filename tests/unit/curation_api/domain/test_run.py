"""Starting runs and governing them (RUN, SUB-5, PAY-7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import JsonValue
from unit.curation_api.domain import build

from carnival.contracts.ids import PipelineId, Position, RunId
from carnival.contracts.run import Ceilings, RunChanged, RunStarted
from carnival.testing.examples import step
from curation_api.domain.pipeline_refusals import BadVariable, MissingVariable
from curation_api.domain.refusals import BadFolder, BadText, NothingToChange, RunEnded, StepUnknown
from curation_api.domain.run import ChangeRun, change_run, complete_run, pause_run, resume_run, resume_step
from curation_api.domain.run_start import DefinedPipeline, StartRun, start_run

NOON = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)
R = RunId("0123456789abcdef")
PIPELINE = DefinedPipeline(
    pipeline_id=PipelineId("p1"),
    version=3,
    position=Position(9),
    name="Portrait",
    steps=(step(1, "Base", template="{{prompt}} {{style}}", needs_prompt=True), step(2, template="{{parent_image}}")),
)
RUN = replace(build.RUN, run_id=R)


def start(taken: frozenset[str] = frozenset(), pipeline: DefinedPipeline = PIPELINE, **fields: Any) -> RunStarted:
    base: dict[str, Any] = {
        "pipeline_id": PIPELINE.pipeline_id,
        "prompt": "a gym",
        "variables": {"style": "noir"},
        "n": 5,
        "t": 10,
    }
    return start_run(StartRun(**{**base, **fields}), pipeline, R, NOON, taken)


def test_a_run_follows_one_version_and_knows_where_it_stands() -> None:
    event = start(name="Gym Shoot")
    assert (event.pipeline_version, event.pipeline_position) == (3, 9)
    assert event.folder == "2026-11-22-gym-shoot"


def test_a_missing_name_is_the_pipelines_with_a_time_stamp() -> None:
    assert start().name == "Portrait 2026-11-22 12:00:05"


def test_a_taken_folder_is_not_given_twice() -> None:
    event = start(frozenset({"2026-11-22-gym"}), name="Gym")
    assert event.folder == "2026-11-22-01234567-gym"


def test_a_folder_of_ones_own_is_kept_and_checked() -> None:
    assert start(folder="shoots/gym/").folder == "shoots/gym"
    with pytest.raises(BadFolder):
        start(folder="../gym")


def test_the_prompt_is_among_the_variables() -> None:
    assert start().variables == {"style": "noir", "prompt": "a gym"}


def test_a_prompt_among_the_variables_is_the_prompt() -> None:
    event = start(prompt=None, variables={"style": "noir", "prompt": "a beach"})
    assert event.prompt == "a beach"


def test_the_prompt_given_as_such_counts_and_the_variable_stays() -> None:
    event = start(prompt="a gym", variables={"style": "noir", "prompt": "a beach"})
    assert (event.prompt, event.variables["prompt"]) == ("a gym", "a beach")


@pytest.mark.parametrize("prompt", [None, "", " \n"])
def test_a_step_that_needs_a_prompt_needs_one_at_once(prompt: str | None) -> None:
    with pytest.raises(MissingVariable) as caught:
        start(prompt=prompt)
    assert caught.value.facts["variable"] == "prompt"


def test_a_placeholder_nobody_can_fill_is_named() -> None:
    with pytest.raises(MissingVariable) as caught:
        start(variables={})
    assert caught.value.facts == {"variable": "style", "variables": ["style"], "step": "Base"}


def test_the_first_step_has_no_parent_to_ask_for() -> None:
    pipeline = replace(PIPELINE, steps=(step(1, template="{{parent_image}}"),))
    with pytest.raises(MissingVariable):
        start(pipeline=pipeline)


@pytest.mark.parametrize("seed", [0, 42, "42", 2**63 - 1])
def test_a_seed_is_a_whole_number(seed: JsonValue) -> None:
    assert start(variables={"style": "x", "seed": seed}).variables["seed"] == seed


@pytest.mark.parametrize("seed", [-1, 1.5, True, "abc", "", "٣", 2**63, "9" * 30, [1], {}])
def test_anything_else_is_no_seed(seed: JsonValue) -> None:
    with pytest.raises(BadVariable):
        start(variables={"style": "x", "seed": seed})


def test_a_blank_name_is_none() -> None:
    with pytest.raises(BadText):
        start(name="  ")


def test_a_change_says_only_what_really_changes() -> None:
    change = change_run(RUN, ChangeRun(name="Gym", n=3, t=10))
    assert change == RunChanged(run_id=R, n=3)


def test_a_change_to_what_is_so_already_changes_nothing() -> None:
    assert change_run(RUN, ChangeRun(n=5, ceilings=Ceilings())) is None


def test_a_change_must_name_something() -> None:
    with pytest.raises(NothingToChange):
        change_run(RUN, ChangeRun())


def test_pausing_and_resuming_twice_changes_nothing() -> None:
    paused = replace(RUN, paused=True)
    assert pause_run(RUN, "lunch") is not None
    assert pause_run(paused, "lunch") is None
    assert resume_run(paused) is not None
    assert resume_run(RUN) is None


def test_a_completed_run_stays_as_it_is() -> None:
    done = replace(RUN, status="completed")
    assert complete_run(RUN) is not None
    assert complete_run(done) is None
    for decide in (
        lambda: change_run(done, ChangeRun(n=3)),
        lambda: pause_run(done, ""),
        lambda: resume_run(done),
        lambda: resume_step(done, 1, True),
    ):
        with pytest.raises(RunEnded):
            decide()


def test_a_step_is_resumed_if_it_is_there_and_paused() -> None:
    assert resume_step(RUN, 1, True) is not None
    assert resume_step(RUN, 1, False) is None
    with pytest.raises(StepUnknown):
        resume_step(RUN, 9, None)
