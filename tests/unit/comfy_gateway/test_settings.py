"""The gateway's settings (CFG-1, CFG-3)."""

from __future__ import annotations

import pytest

from carnival.configuration import BadSetting, read_settings
from comfy_gateway.settings import GatewaySettings


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = read_settings(GatewaySettings, {})
    assert settings.base_urls == ["http://localhost:8188"]
    assert (settings.comfyui_timeout, settings.comfyui_max_retries, settings.comfyui_poll_interval) == (300, 3, 5)
    assert (settings.jobs_ahead, settings.slots_per_node, settings.pool) == (1, 1, "default")
    assert settings.gateway_name == read_settings(GatewaySettings, {}).gateway_name


def test_several_servers_are_separated_by_commas() -> None:
    settings = read_settings(GatewaySettings, {"COMFYUI_BASE_URL": " http://a:1/ , https://b "})
    assert settings.base_urls == ["http://a:1", "https://b"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("COMFYUI_BASE_URL", "localhost:8188"),
        ("COMFYUI_BASE_URL", ","),
        ("COMFYUI_BASE_URL", "http://a:1,http://a:1/"),
        ("COMFYUI_MAX_RETRIES", "-1"),
        ("COMFYUI_MAX_RETRIES", "many"),
        ("COMFYUI_TIMEOUT", "0"),
        ("JOBS_AHEAD", "1.5"),
        ("SLOTS_PER_NODE", "0"),
        ("POOL", "Big Pool"),
        ("GATEWAY_NAME", "a.b"),
        ("LOST_GRACE_SECONDS", "-3"),
    ],
)
def test_a_bad_value_stops_the_service_and_names_the_variable(variable: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(GatewaySettings, {variable: value})
    assert caught.value.variable == variable
