"""compose.yaml fits the code: variables, ports, health, networks, secrets."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shutil import copytree
from typing import Any, Final, cast

import pytest
import yaml
from pydantic import BaseModel

from carnival.configuration import read_settings
from carnival.configuration.reading import variables_of
from carnival_cli.servers.nats import MAX_PAYLOAD_BYTES
from comfy_gateway.settings import GatewaySettings
from curation_api.settings import Settings as ApiSettings
from projector.settings import Settings as ProjectorSettings
from selector.settings import Settings as SelectorSettings

Json = dict[str, Any]
ROOT = Path(__file__).parents[3]
COMPOSE: Final = cast("Json", yaml.safe_load((ROOT / "compose.yaml").read_text()))
SERVICES: Final = cast("dict[str, Json]", COMPOSE["services"])
SETTINGS: Final[dict[str, type[BaseModel]]] = {
    "projector": ProjectorSettings,
    "selector": SelectorSettings,
    "comfy-gateway": GatewaySettings,
    "curation-api": ApiSettings,
}
OWN: Final = tuple(name for name, service in SERVICES.items() if "build" in service)
PLACE: Final = re.compile(r"\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")


def image_environment(name: str) -> dict[str, str]:
    text = (ROOT / SERVICES[name]["build"]["dockerfile"]).read_text().replace("\\\n", " ")
    lines = re.findall(r"^ENV (.*)$", text.rsplit("\nFROM ", 1)[1], re.MULTILINE)
    return dict(pair.split("=", 1) for line in lines for pair in line.split())


def filled(value: str) -> str:
    """As compose fills it in where nothing but secrets is set."""
    return PLACE.sub(lambda place: place[3] if place[2] == "-" else "s" * 40, value)


def given(name: str) -> dict[str, str]:
    """The variables that a container has then."""
    own = cast("dict[str, str | None]", SERVICES[name]["environment"])
    return image_environment(name) | {variable: filled(value) for variable, value in own.items() if value is not None}


@pytest.mark.parametrize("name", SETTINGS)
def test_each_variable_of_a_service_can_be_set_and_no_other(name: str) -> None:
    wanted = {variable.name for variable in variables_of(SETTINGS[name]).values()}
    foreign = set(SERVICES[name]["environment"]) - wanted
    unreachable = wanted - set(SERVICES[name]["environment"]) - set(image_environment(name))
    assert (foreign, unreachable) == (set(), set())


@pytest.mark.parametrize("name", SETTINGS)
def test_a_service_starts_with_what_it_is_given(name: str) -> None:
    read_settings(SETTINGS[name], given(name))


def test_set_up_reads_the_projectors_variables() -> None:
    assert SERVICES["setup"]["image"] == SERVICES["projector"]["image"]
    assert SERVICES["setup"]["command"] == ["migrate"]
    assert set(SERVICES["setup"]["environment"]) <= {one.name for one in variables_of(ProjectorSettings).values()}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"]["max-size"]
    assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in {"cli", "setup"}])
def test_what_serves_comes_back_by_itself_and_says_when_it_is_well(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    dockerfile = (ROOT / service["build"]["dockerfile"]).read_text() if name in OWN else ""
    assert "healthcheck" in service or "HEALTHCHECK" in dockerfile


def test_only_the_gateway_reaches_comfyui() -> None:
    there = set(SERVICES["comfy-stub"]["networks"])
    assert {name for name, one in SERVICES.items() if there & set(one["networks"])} == {"comfy-stub", "comfy-gateway"}
    assert (
        given("comfy-gateway")["COMFYUI_BASE_URL"]
        == "http://comfy-stub:" + image_environment("comfy-stub")["COMFY_STUB_PORT"]
    )


def test_log_and_read_model_are_reached_from_inside_only() -> None:
    for name in ("nats", "postgres"):
        assert "ports" not in SERVICES[name]
        assert all(COMPOSE["networks"][network]["internal"] for network in SERVICES[name]["networks"])


def test_the_bus_keeps_what_it_acknowledged() -> None:
    text = (ROOT / "deploy" / "nats" / "server.conf").read_text()
    assert re.search(r"^\s*sync_interval: always$", text, re.MULTILINE)
    assert f"max_payload: {MAX_PAYLOAD_BYTES // 1024**2}MB" in text
    assert re.search(r"^\s*store_dir: /data$", text, re.MULTILINE)
    assert "log:/data" in SERVICES["nats"]["volumes"]


def test_the_script_makes_every_secret_that_is_needed_once(tmp_path: Path) -> None:
    copytree(ROOT / "deploy" / "compose", tmp_path / "deploy" / "compose")
    for _ in range(2):
        subprocess.run(["sh", tmp_path / "deploy" / "compose" / "new-secrets.sh"], check=True, timeout=10)
    written = (tmp_path / ".env").read_text().splitlines()
    names = [line.split("=")[0] for line in written]
    needed = {place[1] for place in PLACE.finditer((ROOT / "compose.yaml").read_text()) if place[2] == "?"}
    assert needed <= set(names)
    assert len(names) == len(set(names))
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", [*SETTINGS, "setup"])
def test_each_goes_to_the_bus_as_a_user_of_its_own(name: str) -> None:
    user = "operator" if name == "setup" else name
    users = (ROOT / "deploy" / "nats" / "users.conf").read_text()
    password = re.search(rf"\{{ user: {user}, password: \$(\w+)", users)
    assert password is not None
    assert SERVICES[name]["environment"]["NATS_USER"] == user
    assert SERVICES[name]["environment"]["NATS_PASSWORD"] == f"${{{password[1]}}}"
    assert password[1] in SERVICES["nats"]["environment"]


def test_each_goes_to_the_database_in_a_role_that_may_just_do_its_work() -> None:
    roles = (ROOT / "deploy" / "postgres" / "roles.sql").read_text()
    told = set(SERVICES["postgres"]["environment"])
    for name, role in {
        "setup": "projector",
        "projector": "projector",
        "selector": "selector",
        "curation-api": "api",
    }.items():
        variable = f"{role.upper()}_DB_PASSWORD"
        url = f"postgresql://carnival_{role}:${{{variable}}}@postgres:5432/carnival"
        assert SERVICES[name]["environment"]["DATABASE_URL"] == url
        assert f"ALTER ROLE carnival_{role} PASSWORD" in roles
        assert variable in told
    assert "DATABASE_URL" not in SERVICES["comfy-gateway"]["environment"]
    assert {SERVICES[name]["environment"]["PROJECTOR_READ_ROLE"] for name in ("setup", "projector")} == {
        "carnival_reader"
    }


def test_what_is_mounted_from_here_is_here() -> None:
    mounts = [filled(str(volume)).split(":")[0] for one in SERVICES.values() for volume in one.get("volumes", [])]
    places = [ROOT / mount for mount in mounts if mount.startswith("./")]
    # A folder that is empty is none in git.
    assert all(place.is_file() if place.suffix else place.parent.is_dir() for place in places)
    assert {mount for mount in mounts if not mount.startswith("./")} == set(COMPOSE["volumes"])


def test_the_command_line_can_save_and_put_back() -> None:
    cli = SERVICES["cli"]
    assert cli["environment"]["NATS_USER"] == "operator"
    assert set(cli["networks"]) >= {"bus", "data", "outside"}
    assert image_environment("cli")["IMAGE_ROOT"] == image_environment("comfy-gateway")["IMAGE_ROOT"] == "/data"
    assert [filled(volume) for volume in cli["volumes"]] == ["images:/data", "backup:/backup"]


def test_lines_to_log_and_read_model_can_be_encrypted() -> None:
    over = cast("Json", yaml.safe_load((ROOT / "deploy" / "compose" / "encrypted.yaml").read_text()))["services"]
    clients = {name for name, one in SERVICES.items() if "NATS_USER" in one.get("environment", {})}
    assert set(over) == clients | {"nats", "postgres"}
    of_postgres = {"PGSSLMODE", "PGSSLROOTCERT"}
    for name in SETTINGS:
        files = {variable: __file__ for variable in over[name]["environment"] if variable.endswith("_FILE")}
        read_settings(SETTINGS[name], given(name) | over[name]["environment"] | files)
        assert set(over[name]["environment"]) - of_postgres <= set(SERVICES[name]["environment"])
    assert (ROOT / "deploy" / "nats" / over["nats"]["command"][1].removeprefix("/etc/nats/")).is_file()


def test_prometheus_finds_each_service_where_it_shows_its_metrics() -> None:
    asked = cast("Json", yaml.safe_load((ROOT / "deploy" / "telemetry" / "prometheus.yml").read_text()))
    targets = {target for group in asked["scrape_configs"][0]["static_configs"] for target in group["targets"]}
    assert targets == {f"{name}:{image_environment(name)['HEALTH_PORT']}" for name in SETTINGS}
    assert all(set(SERVICES["prometheus"]["networks"]) & set(SERVICES[name]["networks"]) for name in SETTINGS)
