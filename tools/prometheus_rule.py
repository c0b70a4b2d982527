"""Writes the alerts as the Prometheus operator takes them: `prometheus_rule.py FILE`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent
from typing import Final

ALERTS: Final = Path(__file__).parents[1] / "deploy" / "telemetry" / "alerts.yml"
HEAD: Final = """\
# Written from deploy/telemetry/alerts.yml by `make docs`; do not edit.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: carnival
spec:
"""


def main(arguments: Sequence[str]) -> int:
    Path(arguments[0]).write_text(render(), encoding="utf-8")
    return 0


def render() -> str:
    """The whole file."""
    _, _, groups = ALERTS.read_text(encoding="utf-8").partition("\n")
    return HEAD + indent(groups, "  ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
