"""CFG-1 to CFG-3: settings are read once, empty means unset, and what is wrong is named."""

from __future__ import annotations

from typing import Annotated

import pytest
import structlog
from pydantic import BaseModel, Field

from carnival.configuration import BadSetting, Variable, read_settings


class Limits(BaseModel):
    n: Annotated[int, Variable("PIPELINE_N", ("MAX_CHILDREN_PER_NODE",)), Field(ge=1)] = 5
    t: Annotated[int, Variable("PIPELINE_T", ("TARGET_LEAF_NODES",)), Field(ge=0)] = 10


def test_defaults_hold_where_nothing_is_set() -> None:
    assert read_settings(Limits, {}) == Limits(n=5, t=10)


def test_empty_and_blank_mean_unset() -> None:
    assert read_settings(Limits, {"PIPELINE_N": "", "PIPELINE_T": "  "}) == Limits(n=5, t=10)


def test_values_are_read() -> None:
    assert read_settings(Limits, {"PIPELINE_N": "3", "PIPELINE_T": "0"}) == Limits(n=3, t=0)


def test_the_other_name_is_accepted() -> None:
    assert read_settings(Limits, {"MAX_CHILDREN_PER_NODE": "2", "TARGET_LEAF_NODES": "4"}) == Limits(n=2, t=4)


def test_the_first_name_wins_with_a_warning() -> None:
    with structlog.testing.capture_logs() as logs:
        settings = read_settings(Limits, {"PIPELINE_N": "3", "MAX_CHILDREN_PER_NODE": "9"})
    assert settings.n == 3
    assert [(entry["log_level"], entry["variables"]) for entry in logs] == [
        ("warning", ["PIPELINE_N", "MAX_CHILDREN_PER_NODE"])
    ]


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PIPELINE_N": "many"}, "PIPELINE_N"),
        ({"PIPELINE_N": "0"}, "PIPELINE_N"),
        ({"PIPELINE_N": "1.5"}, "PIPELINE_N"),
        ({"PIPELINE_T": "-1"}, "PIPELINE_T"),
        ({"TARGET_LEAF_NODES": "x"}, "TARGET_LEAF_NODES"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(environ: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named) as caught:
        read_settings(Limits, environ)
    assert caught.value.variable == named
    assert repr(environ[named]) in str(caught.value)
