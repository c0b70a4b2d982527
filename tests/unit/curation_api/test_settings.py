"""CFG-1 to CFG-3, as far as this service is concerned."""

from __future__ import annotations

import pytest

from carnival.configuration import BadSetting, read_settings
from curation_api.settings import ApiAuth, Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    settings = read_settings(Settings, {})
    assert (settings.n, settings.t, settings.default_top_k) == (5, 10, 3)
    assert (settings.api_host, settings.api_port) == ("127.0.0.1", 8000)


def test_other_names_of_n_and_t_and_which_name_wins() -> None:
    both = {"MAX_CHILDREN_PER_NODE": "7", "TARGET_LEAF_NODES": "0", "PIPELINE_T": "4"}
    settings = read_settings(Settings, both)
    assert (settings.n, settings.t) == (7, 4)


@pytest.mark.parametrize(
    "environ", [{"PIPELINE_N": "0"}, {"PIPELINE_T": "-1"}, {"PIPELINE_N": "five"}, {"DEFAULT_TOP_K": "0"}]
)
def test_a_value_that_cannot_be_used_names_its_variable(environ: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(Settings, environ)
    assert caught.value.variable == next(iter(environ))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_authentication_may_be_off_on_loopback(host: str) -> None:
    assert read_settings(Settings, {"API_AUTH": "off", "API_HOST": host}).api_auth is ApiAuth.OFF


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "hub.example"])
def test_authentication_is_never_off_where_others_reach_the_api(host: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(Settings, {"API_AUTH": "off", "API_HOST": host})
    assert caught.value.variable == "API_AUTH"
    assert host in str(caught.value)


@pytest.mark.parametrize("name", ["OPERATOR_TOKEN", "SERVICE_KEY"])
def test_a_secret_that_cannot_be_used_is_named_and_not_shown(name: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(Settings, {name: "too-short-secret"})
    assert name in str(caught.value)
    assert "too-short-secret" not in str(caught.value)
    assert "y" * 40 not in repr(read_settings(Settings, {name: "y" * 40}))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OIDC_ISSUER", "http://issuer.example"),
        ("OIDC_ISSUER", "issuer"),
        ("OIDC_ROLES", "artists=painter"),
        ("OIDC_ROLES", "voter"),
        ("OIDC_ALGORITHMS", "RS256,HS256"),
        ("OIDC_ALGORITHMS", "none"),
    ],
)
def test_an_issuer_that_cannot_be_trusted_stops_the_service(variable: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(Settings, {"OIDC_AUDIENCE": "hub", variable: value})
    assert caught.value.variable == variable


def test_an_issuer_needs_an_audience() -> None:
    with pytest.raises(BadSetting, match="OIDC_AUDIENCE"):
        read_settings(Settings, {"OIDC_ISSUER": "https://issuer.example"})
    known = read_settings(Settings, {"OIDC_ISSUER": "https://issuer.example", "OIDC_AUDIENCE": "hub"})
    assert known.oidc_issuer == "https://issuer.example"
