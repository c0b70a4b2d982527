"""Scrapes, alerts and dashboards name metrics and labels that exist, and the runbook explains every alert."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from carnival.telemetry.catalogue import CATALOGUE, EVERY
from carnival.telemetry.metric import Kind, Metric

ROOT: Final = Path(__file__).parents[3]
FOLDER: Final = ROOT / "deploy" / "telemetry"
ALERTS: Final = [
    rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"] for rule in group["rules"]
]
DASHBOARDS: Final = {
    file.name: json.loads(file.read_text()) for file in sorted((FOLDER / "grafana" / "dashboards").glob("*.json"))
}

OF_PROMETHEUS: Final = {"up": ()}
OF_EVERY_SCRAPE: Final = {"job", "service", "instance"}
WORDS: Final = {"and", "or", "unless", "by", "on", "without", "ignoring", "bool", "offset", "group_left"}
FUNCTIONS: Final = {
    *("absent", "count", "histogram_quantile", "increase", "max", "min", "rate", "sum", "topk", "vector"),
}
GROUPING: Final = re.compile(r"\b(?:by|on|without|ignoring)\s*\(([^)]*)\)")
SELECTOR: Final = re.compile(r"\{([^}]*)\}")
STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
NAME: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")
NAMED: Final = re.compile(r"([A-Za-z_:][A-Za-z0-9_:]*)\s*(\(?)")


def names_of(metric: Metric) -> tuple[str, ...]:
    name = metric.prometheus_name
    return tuple(f"{name}_{part}" for part in ("bucket", "sum", "count")) if metric.kind is Kind.HISTOGRAM else (name,)


LABELS: Final = OF_PROMETHEUS | {name: metric.prometheus_labels for metric in CATALOGUE for name in names_of(metric)}


def check(expression: str) -> None:
    """Names, labels, functions and brackets of a PromQL expression. Raises AssertionError with what is wrong."""
    plain = STRING.sub('""', expression)
    labels = {label for clause in GROUPING.findall(plain) for label in NAME.findall(clause)}
    labels |= {label for clause in SELECTOR.findall(plain) for label in NAME.findall(clause)}
    rest = re.sub(r"\[[^\]]*\]", "", SELECTOR.sub("", GROUPING.sub("", plain)))
    found = NAMED.findall(re.sub(r"\b[0-9][0-9.e]*", "", rest))
    functions = {name for name, opens in found if opens and name not in WORDS}
    metrics = {name for name, opens in found if not opens and name not in WORDS}
    assert plain.count("(") == plain.count(")"), "brackets do not match"
    assert functions <= FUNCTIONS, f"unknown functions {functions - FUNCTIONS}"
    assert metrics <= LABELS.keys(), f"unknown metrics {metrics - LABELS.keys()}"
    known = {label for metric in metrics for label in LABELS[metric]} | OF_EVERY_SCRAPE
    known |= {"le"} if any(metric.endswith("_bucket") for metric in metrics) else set[str]()
    assert labels <= known, f"unknown labels {labels - known}"


def panels() -> Iterator[tuple[str, Any]]:
    for name, board in DASHBOARDS.items():
        for panel in board["panels"]:
            if panel["type"] != "row":
                yield f"{name}: {panel['title']}", panel


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_names_metrics_that_exist_and_a_section_that_says_what_to_do(alert: dict[str, Any]) -> None:
    check(alert["expr"])
    assert alert["labels"]["severity"] in {"warning", "critical"}
    assert alert["annotations"]["runbook"] == f"docs/runbook.md#{alert['alert'].lower()}"
    for placeholder in re.findall(r"\$labels\.(\w+)", alert["annotations"]["summary"]):
        assert placeholder in alert["expr"] or placeholder in OF_EVERY_SCRAPE


def test_the_runbook_explains_every_alert_and_no_other() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text().split("\n## Alerts\n", 1)[1]
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^###? |\Z)", text, re.MULTILINE | re.DOTALL))
    assert set(sections) == {alert["alert"] for alert in ALERTS}
    for name, section in sections.items():
        for word in ("**Symptom**", "**Check**", "**Action**"):
            assert word in section, f"{name} lacks {word}"


@pytest.mark.parametrize("panel", [panel for _, panel in panels()], ids=[name for name, _ in panels()])
def test_a_panel_names_metrics_that_exist(panel: dict[str, Any]) -> None:
    assert panel["targets"]
    for target in panel["targets"]:
        check(target["expr"])


def test_dashboards_ask_the_provisioned_source_and_name_each_panel_once() -> None:
    sources = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/carnival.yaml").read_text())["datasources"]
    assert len({board["uid"] for board in DASHBOARDS.values()}) == len(DASHBOARDS) > 0
    for board in DASHBOARDS.values():
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert {panel["datasource"]["uid"] for _, panel in panels()} <= {source["uid"] for source in sources}


def test_each_service_is_scraped_on_its_health_port() -> None:
    jobs = yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]
    found = {entry["labels"]["service"]: entry["targets"] for job in jobs for entry in job["static_configs"]}
    assert found.keys() == set(EVERY)
    for service, targets in found.items():
        port = re.search(r"HEALTH_PORT=(\d+)", (ROOT / "services" / service / "Dockerfile").read_text())
        assert port is not None, f"the image of {service} names no HEALTH_PORT"
        assert targets == [f"{service}:{port[1]}"]


def test_an_autoscaler_asks_for_metrics_that_exist() -> None:
    manifests = [file.read_text() for file in (ROOT / "deploy" / "k8s").rglob("*.yaml")]
    queries = [query for text in manifests for query in re.findall(r"(?:query|value): (\w+\(carnival_.*)", text)]
    assert queries
    for query in queries:
        check(query)


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("max(carnival_projector_lagg) > 3", "unknown metrics"),
        ("sum by (nodes) (carnival_gateway_slots)", "unknown labels"),
        ('carnival_gateway_slots{stage="busy"}', "unknown labels"),
        ("rat(carnival_votes_total[5m])", "unknown functions"),
        ("sum(carnival_votes_total", "brackets"),
        ("carnival_selector_pass_duration_seconds", "unknown metrics"),
    ],
)
def test_what_is_misspelt_is_found(expression: str, wrong: str) -> None:
    with pytest.raises(AssertionError, match=wrong):
        check(expression)
