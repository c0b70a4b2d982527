"""Which values a job offers and lists (PAY-2 to PAY-7, SUB-6 to SUB-9)."""

from __future__ import annotations

from typing import Any

import pytest

from carnival.testing import examples
from comfy_gateway.domain.errors import MissingVariable
from comfy_gateway.domain.variables import Recipe, listed_values, values_of


def recipe(parent_image: str | None = None, run: dict[str, Any] | None = None, **flags: bool) -> Recipe:
    started = examples.run_started(**(run or {}))
    return Recipe(
        run=started,
        run_name=started.name,
        step=examples.step(1, "Base", **flags),
        request=examples.job_requested(7, seed=1_000_007, random=42, moment_ms=1_700_000_000_123),
        parent_image=parent_image,
    )


def test_system_values_come_from_the_job() -> None:
    values = values_of(recipe())
    assert values["run_name"] == "Gym Shoot"
    assert (values["timestamp"], values["timestamp_ms"]) == (1_700_000_000, 1_700_000_000_123)
    assert (values["random"], values["job_id"], values["auto_seed"]) == (42, 7, 1_000_007)


def test_the_parent_goes_by_both_names() -> None:
    values = values_of(recipe("carnival/p.png"))
    assert values["parent_image"] == values["parent_image_path"] == "carnival/p.png"
    assert "parent_image" not in values_of(recipe())


def test_system_names_win_over_the_runs_own_and_those_over_variables() -> None:
    variables = {"auto_seed": "x", "prompt": "other", "name": "other", "run_name": "other", "seed": "5", "style": [1]}
    values = values_of(recipe(run={"variables": variables, "prompt": "mine"}))
    assert (values["auto_seed"], values["run_name"]) == (1_000_007, "Gym Shoot")
    assert (values["prompt"], values["name"]) == ("mine", "Gym Shoot")
    assert (values["seed"], values["style"]) == ("5", [1])


def test_a_blank_own_prompt_leaves_the_variable_of_that_name() -> None:
    values = values_of(recipe(run={"variables": {"prompt": "from variables"}, "prompt": None}))
    assert values["prompt"] == "from variables"


def test_without_flags_nothing_is_listed_though_all_can_be_used() -> None:
    assert listed_values(recipe("p.png")) == {}
    assert "prompt" in values_of(recipe("p.png"))


def test_the_prompt_flag_lists_the_prompt() -> None:
    assert listed_values(recipe(needs_prompt=True)) == {"prompt": "a gym"}


def test_the_parent_flag_lists_the_parent_if_there_is_one() -> None:
    expected = {"parent_image": "p.png", "parent_image_path": "p.png"}
    assert listed_values(recipe("p.png", needs_parent=True)) == expected
    assert listed_values(recipe(needs_parent=True)) == {}


def test_the_variables_flag_lists_every_variable_with_its_type_and_the_prompt() -> None:
    variables = {"steps": 20, "hires": True, "note": None, "size": {"w": 1}}
    listed = listed_values(recipe(run={"variables": variables}, needs_variables=True))
    assert listed == {**variables, "prompt": "a gym"}


@pytest.mark.parametrize("prompt", [None, "", " \n"])
def test_a_prompt_that_is_wanted_and_blank_is_missing(prompt: str | None) -> None:
    with pytest.raises(MissingVariable) as caught:
        listed_values(recipe(run={"prompt": prompt, "variables": {"prompt": "  "}}, needs_prompt=True))
    assert caught.value.name == "prompt"
