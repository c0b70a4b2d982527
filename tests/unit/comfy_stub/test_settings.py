"""Options over variables over defaults, and the settings that change while the server runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from comfy_stub.behaviour import Behaviour, UnknownSetting
from comfy_stub.settings import Settings, settings_from


def test_defaults_listen_where_comfyui_does() -> None:
    assert settings_from([], {}) == Settings(port=8188)


def test_options_win_over_variables() -> None:
    environ = {"COMFY_STUB_PORT": "1", "COMFY_STUB_SECONDS_PER_IMAGE": "2", "COMFY_STUB_CACHE_NONE": "true"}
    settings = settings_from(["--port", "0", "--data", "here"], environ)
    assert settings == Settings(port=0, data=Path("here"), seconds_per_image=2.0, keep_results=False)


def test_an_unusable_value_ends_the_process() -> None:
    with pytest.raises(SystemExit):
        settings_from(["--port", "many"], {})


def test_planned_failures_are_used_up() -> None:
    behaviour = Behaviour()
    behaviour.change({"fail_next": {"count": 2, "message": "no"}})
    assert [behaviour.next_failure() is None for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("wanted", [{"speed": 1}, {"seconds_per_image": "slow"}, {"fail_next": {"why": 1}}])
def test_what_cannot_be_set_is_refused(wanted: dict[str, object]) -> None:
    with pytest.raises(UnknownSetting):
        Behaviour().change(dict(wanted))
