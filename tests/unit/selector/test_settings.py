"""The selector's settings: CFG-1, CFG-3."""

from __future__ import annotations

import pytest

from carnival.configuration import BadSetting, read_settings
from carnival.contracts.run import RunPolicy
from selector.__main__ import main
from selector.settings import Settings


def test_cfg_1_an_empty_environment_gives_the_defaults() -> None:
    settings = read_settings(Settings, {})
    assert (settings.parent_failures_max, settings.step_failures_max, settings.jobs_ahead) == (3, 5, 1)
    assert (settings.run_policy, settings.interval_seconds) == (RunPolicy.ROUND_ROBIN, 10.0)


def test_cfg_1_values_come_from_the_environment() -> None:
    environ = {
        "MAX_PARENT_FAILURES": "7",
        "STEP_FAILURES_MAX": "2",
        "RUN_POLICY": "global",
        "JOBS_AHEAD": "0",
        "COMFYUI_SUBMIT_INTERVAL": "3",
    }
    settings = read_settings(Settings, environ)
    assert (settings.parent_failures_max, settings.step_failures_max, settings.jobs_ahead) == (7, 2, 0)
    assert (settings.run_policy, settings.interval_seconds) == (RunPolicy.GLOBAL, 3.0)


def test_cfg_3_empty_means_unset() -> None:
    assert read_settings(Settings, {"JOBS_AHEAD": " "}).jobs_ahead == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MAX_PARENT_FAILURES", "0"),
        ("MAX_PARENT_FAILURES", "three"),
        ("STEP_FAILURES_MAX", "-1"),
        ("RUN_POLICY", "fair"),
        ("JOBS_AHEAD", "-1"),
        ("JOBS_AHEAD", "1.5"),
        ("COMFYUI_SUBMIT_INTERVAL", "0"),
        ("COMFYUI_SUBMIT_INTERVAL", "soon"),
        ("COMFYUI_SUBMIT_INTERVAL", "inf"),
    ],
)
def test_cfg_3_a_bad_value_stops_the_service_and_names_the_variable(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadSetting, match=variable):
        read_settings(Settings, {variable: value})
    monkeypatch.setenv(variable, value)
    assert main() == 2
    assert variable in capsys.readouterr().err
