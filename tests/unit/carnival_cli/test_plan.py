"""Which programs run, and what they are told."""

from __future__ import annotations

import itertools
from pathlib import Path

from carnival_cli.up.credentials import LocalCredentials
from carnival_cli.up.layout import Layout
from carnival_cli.up.part import Stage
from carnival_cli.up.plan import Plan, Ports, make_plan

CREDENTIALS = LocalCredentials(operator_token="tc_operator", service_key="key")
LAYOUT = Layout(Path("/data"))


def plan(**environ: str) -> Plan:
    numbers = itertools.count(5000)
    return make_plan(LAYOUT, Ports.chosen(lambda: next(numbers), 8000), environ, CREDENTIALS)


def environment_of(made: Plan, name: str) -> dict[str, str]:
    part = next(part for part in made.parts if part.name == name)
    return dict(part.prepare().environment)


def test_everything_is_started_when_the_environment_names_nothing() -> None:
    names = [part.name for part in plan().parts]
    assert names == ["nats", "postgres", "comfy-stub", "projector", "selector", "comfy-gateway", "curation-api"]
    assert plan().uses_stub


def test_what_the_environment_names_is_not_started() -> None:
    made = plan(NATS_URL="nats://n:4222", DATABASE_URL="postgresql://p/c", COMFYUI_BASE_URL="http://gpu:8188")
    assert [part.name for part in made.parts] == ["projector", "selector", "comfy-gateway", "curation-api"]
    environment = environment_of(made, "comfy-gateway")
    assert environment["NATS_URL"] == "nats://n:4222"
    assert environment["COMFYUI_BASE_URL"] == "http://gpu:8188"
    assert not made.uses_stub
    assert made.monitor_url is None


def test_an_empty_variable_counts_as_unset() -> None:
    assert len(plan(NATS_URL="", DATABASE_URL=" ").parts) == 7


def test_services_find_one_another() -> None:
    made = plan()
    environments = [environment_of(made, name) for name in ("projector", "selector", "comfy-gateway", "curation-api")]
    assert {environment["NATS_URL"] for environment in environments} == {"nats://127.0.0.1:5000"}
    projector, *readers = [environment["DATABASE_URL"] for environment in environments]
    assert projector == made.database_url
    assert {url.replace("//carnival_reader@", "//carnival@") for url in readers} == {made.database_url}
    assert environments[0]["PROJECTOR_READ_ROLE"] == "carnival_reader"
    assert {environment["IMAGE_ROOT"] for environment in environments} == {"/data/images"}
    assert len({environment["HEALTH_PORT"] for environment in environments}) == 4
    assert environments[-1]["API_PORT"] == "8000"


def test_settings_of_the_caller_reach_every_service() -> None:
    assert environment_of(plan(PIPELINE_N="2"), "curation-api")["PIPELINE_N"] == "2"


def test_the_api_listens_where_its_setting_says_and_is_reached_there() -> None:
    made = plan()
    assert environment_of(made, "curation-api")["API_HOST"] == "127.0.0.1"
    assert (made.api_url, made.elsewhere_url) == ("http://127.0.0.1:8000", None)
    made = plan(API_HOST="0.0.0.0")
    assert environment_of(made, "curation-api")["API_HOST"] == "0.0.0.0"
    assert made.api_url == "http://127.0.0.1:8000"
    assert made.elsewhere_url is not None
    assert made.elsewhere_url.endswith(":8000")
    made = plan(API_HOST="192.168.1.20")
    assert (made.api_url, made.elsewhere_url) == ("http://192.168.1.20:8000",) * 2
    made = plan(API_HOST="0.0.0.0", API_CERT_FILE="c", API_KEY_FILE="k")
    assert made.api_certificate == Path("c").absolute()
    assert environment_of(made, "curation-api")["API_KEY_FILE"] == str(Path("k").absolute())
    assert (made.api_url, str(made.elsewhere_url).partition(":")[0]) == ("https://127.0.0.1:8000", "https")
    assert plan(API_HOST="::").api_url == "http://[::1]:8000"
    assert plan(API_HOST="localhost").elsewhere_url is None


def test_secrets_reach_the_api_alone() -> None:
    made = plan(OPERATOR_TOKEN="theirs", SERVICE_KEY="theirs", CARNIVAL_TOKEN="theirs")
    api = environment_of(made, "curation-api")
    assert (api["OPERATOR_TOKEN"], api["SERVICE_KEY"]) == ("tc_operator", "key")
    for name in ("projector", "selector", "comfy-gateway", "comfy-stub"):
        assert not {"OPERATOR_TOKEN", "SERVICE_KEY", "CARNIVAL_TOKEN"} & set(environment_of(made, name))


def test_each_service_has_its_own_user_on_our_bus() -> None:
    made = plan(NATS_USER="theirs", NATS_PASSWORD="theirs", NATS_CA_FILE="/theirs")
    services = ("projector", "selector", "comfy-gateway", "curation-api")
    environments = {name: environment_of(made, name) for name in services}
    assert {name: environment["NATS_USER"] for name, environment in environments.items()} == {n: n for n in services}
    assert len({environment["NATS_PASSWORD"] for environment in environments.values()}) == 4
    assert {environment["NATS_CA_FILE"] for environment in environments.values()} == {""}
    assert "NATS_PASSWORD" not in environment_of(made, "comfy-stub")


def test_a_bus_of_others_is_used_as_its_settings_say() -> None:
    made = plan(NATS_URL="tls://n:4222", NATS_USER="theirs", NATS_PASSWORD="secret", NATS_CA_FILE="/ca.pem")
    environment = environment_of(made, "selector")
    assert (environment["NATS_USER"], environment["NATS_PASSWORD"]) == ("theirs", "secret")
    assert environment["NATS_CA_FILE"] == "/ca.pem"


def test_no_proxy_is_asked_for_this_machine() -> None:
    spared = environment_of(plan(NO_PROXY="intranet"), "comfy-gateway")["NO_PROXY"].split(",")
    assert spared == ["intranet", "127.0.0.1", "localhost"]


def test_the_projector_is_ready_before_anybody_reads() -> None:
    stages = {part.name: part.stage for part in plan().parts}
    assert stages["nats"] == stages["postgres"] == Stage.SERVERS
    assert stages["projector"] < stages["selector"] == stages["comfy-gateway"] == stages["curation-api"]


def test_all_ports_differ_even_if_one_is_offered_twice() -> None:
    offers = itertools.chain([5000, 5000, 8000], itertools.count(5001))
    ports = Ports.chosen(lambda: next(offers), 8000)
    values = [getattr(ports, name) for name in Ports.__dataclass_fields__]
    assert len(set(values)) == len(values)
    assert ports.api == 8000
