"""The contracts on imports hold, and a planted breach of each is caught."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SELECTOR = "services/selector/src/selector"
ROOT = Path(__file__).parents[3]
SOURCES = ("services", "shared", "cli", "comfy-stub")

BREACHES = [
    ("A service is built in layers", f"{SELECTOR}/domain/planted.py", "import selector.application"),
    ("A service is built in layers", "services/projector/src/projector/stray.py", ""),
    (
        "Services, the CLI and the stub never import",
        f"{SELECTOR}/domain/planted.py",
        "import projector",
    ),
    ("A domain sees the contracts", "services/curation-api/src/curation_api/domain/planted.py", "import psycopg"),
    ("A domain sees the contracts", "services/projector/src/projector/domain/planted.py", "import carnival.log.port"),
    ("An application sees ports", "services/comfy-gateway/src/comfy_gateway/application/planted.py", "import httpx"),
    (
        "The testing kit stays in the tests",
        f"{SELECTOR}/domain/planted.py",
        "import carnival.testing",
    ),
    ("The shared package is built in layers", "shared/src/carnival/utils.py", ""),
    ("The shared package knows nobody", "shared/src/carnival/log/planted.py", "import selector"),
]


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    roots = sorted(str(folder) for source in SOURCES for folder in tree.glob(f"{source}/**/src"))
    program = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(roots), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for source in SOURCES:
        shutil.copytree(
            ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__", "node_modules", "tests")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_tree_keeps_all_contracts(tree: Path) -> None:
    result = lint(tree)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("contract", "place", "line"), BREACHES)
def test_a_planted_breach_is_caught(tree: Path, contract: str, place: str, line: str) -> None:
    planted = tree / place
    planted.write_text(f"from __future__ import annotations\n\n{line}\n")
    result = lint(tree)
    broken = [row for row in result.stdout.splitlines() if "BROKEN" in row]
    assert result.returncode != 0, result.stdout
    assert any(row.startswith(contract) for row in broken), result.stdout
