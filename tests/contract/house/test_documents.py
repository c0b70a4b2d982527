"""What is written from the code is up to date, and what is written by hand names things that exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from carnival.configuration.reading import variables_of
from carnival_cli.servers.nats import configuration
from comfy_gateway.settings import GatewaySettings
from curation_api.settings import Settings as ApiSettings
from projector.settings import Settings as ProjectorSettings
from selector.settings import Settings as SelectorSettings

ROOT = Path(__file__).parents[3]
SETTINGS = (ApiSettings, GatewaySettings, ProjectorSettings, SelectorSettings)


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def variables_in_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    found = (re.fullmatch(r"#? ?([A-Z][A-Z0-9_]+)=(.*)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def test_the_page_of_events_is_up_to_date() -> None:
    assert tool("describe_events").render() == (ROOT / "docs" / "events.md").read_text()


def test_the_page_of_access_shows_the_role_table() -> None:
    page = (ROOT / "docs" / "access.md").read_text()
    assert tool("describe_access").render(page) == page


def test_the_page_of_the_bus_is_up_to_date() -> None:
    assert tool("describe_bus").render() == (ROOT / "docs" / "bus.md").read_text()


def test_every_server_of_ours_acknowledges_what_is_on_disk() -> None:
    """Else a loss of power takes acknowledged events with it."""
    shipped = {str(file): file.read_text() for file in (ROOT / "deploy").rglob("*") if file.is_file()}
    texts = {name: text for name, text in shipped.items() if re.search(r"^\s*jetstream\s*[{:]", text, re.MULTILINE)}
    assert texts
    texts["carnival up"] = configuration("a:1", "a:2", Path("store"))
    for name, text in texts.items():
        assert re.search(r"sync_interval:\s*always", text), name


def test_the_users_of_the_bus_are_up_to_date() -> None:
    users = (ROOT / "deploy" / "nats" / "users.conf").read_text()
    write = tool("nats_users")
    assert write.render(write.pools_of(users)) == users


def test_the_page_of_metrics_is_up_to_date() -> None:
    assert tool("describe_metrics").render() == (ROOT / "docs" / "metrics.md").read_text()


def test_the_alerts_of_kubernetes_are_those_of_compose() -> None:
    written = (ROOT / "deploy" / "k8s" / "telemetry" / "alerts.yaml").read_text()
    alerts = yaml.safe_load((ROOT / "deploy" / "telemetry" / "alerts.yml").read_text())
    assert tool("prometheus_rule").render() == written
    assert yaml.safe_load(written)["spec"] == alerts


def test_the_example_environment_names_every_variable_and_no_other() -> None:
    wanted = {variable.name for settings in SETTINGS for variable in variables_of(settings).values()}
    assert set(variables_in_example()) == wanted


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda one: one.__module__)
def test_the_example_environment_shows_the_defaults(settings: type[ApiSettings]) -> None:
    example = variables_in_example()
    for field, variable in variables_of(settings).items():
        default = settings.model_fields[field].default
        if variable.name in {"HEALTH_PORT", "GATEWAY_NAME"}:
            continue
        assert example[variable.name] == ("" if default is None else str(getattr(default, "value", default))), (
            variable.name
        )


def test_relative_links_in_documents_lead_somewhere() -> None:
    for document in (page for page in ROOT.rglob("*.md") if not {"node_modules", ".venv"} & set(page.parts)):
        for place, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)]+))?\)", document.read_text()):
            target = document.parent / place if place else document
            assert target.exists(), f"{document.relative_to(ROOT)} links to {place}"
            if anchor:
                assert anchor in anchors_of(target), f"{document.relative_to(ROOT)} links to {place}#{anchor}"


def anchors_of(page: Path) -> set[str]:
    """The places in a page that a link may lead to: its headings, as forges spell them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
