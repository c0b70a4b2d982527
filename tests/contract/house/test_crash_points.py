"""docs/crash-points.md promises one test a row; the page and the tests name each other (JOB-9)."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "tests" / "integration" / "comfy_gateway" / "crash_points"


def test_each_row_names_one_test_and_each_test_has_one_row() -> None:
    rows = [line for line in (ROOT / "docs" / "crash-points.md").read_text().splitlines() if line.startswith("| ")]
    named = [re.findall(r"`(test_\w+\.py::test_\w+)`", row) for row in rows if not row.endswith("| test |")]
    assert all(len(names) == 1 for names in named)
    assert Counter(name for names in named for name in names) == Counter(_tests())


def _tests() -> list[str]:
    return [
        f"{file.name}::{node.name}"
        for file in FOLDER.glob("test_*.py")
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
