"""Writes docs/metrics.md from the catalogue of metrics."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from carnival.telemetry.catalogue import CATALOGUE, EVERY
from carnival.telemetry.metric import Metric

HEADER = """# Metrics

Written from the catalogue by `make docs`; do not edit. This is every metric there is: a test compares it with what
running services emit.

Each service answers Prometheus at `/metrics` beside `/health/ready`, on `HEALTH_HOST` and `HEALTH_PORT`, without a
credential: keep that port inside (`carnival up` names the addresses in `up.json` in the data folder). With
`OTEL_EXPORTER_OTLP_ENDPOINT` the same metrics are sent to a collector too, under the names in the second column. Gauges
are read every five seconds; one that cannot be read is left out rather than shown as it was.

Dashboards and alerts: [deploy/telemetry](../deploy/telemetry/README.md). What to do: [runbook](runbook.md#alerts).
"""
TABLE_HEAD = "| Prometheus | OpenTelemetry | kind | labels | says |\n|---|---|---|---|---|"


def main(arguments: Sequence[str]) -> int:
    Path(arguments[0]).write_text(render(), encoding="utf-8")
    return 0


def render() -> str:
    """The whole page."""
    groups = [EVERY, *((service,) for service in EVERY)]
    return "\n".join([HEADER, *(_section(services) for services in groups)])


def _section(services: Sequence[str]) -> str:
    title = "Every service" if services == EVERY else services[0]
    rows = [_row(metric) for metric in CATALOGUE if _belongs(metric, services)]
    return "\n".join([f"## {title}", "", TABLE_HEAD, *rows, ""])


def _belongs(metric: Metric, services: Sequence[str]) -> bool:
    """What several services emit, but not all, is named with each of them."""
    return metric.services == services or (metric.services != EVERY and services[0] in metric.services)


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.prometheus_labels)
    return f"| `{metric.prometheus_name}` | `{metric.name}` | {metric.kind.value} | {labels} | {metric.says} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
