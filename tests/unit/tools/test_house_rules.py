"""The house rules catch what they are for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[3] / "tools" / "house_rules.py"


@pytest.fixture(scope="module")
def house_rules() -> ModuleType:
    spec = importlib.util.spec_from_file_location("house_rules", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "text", "breach"),
    [
        ("long.py", "x = 1\n" * 401, "more than 400 lines"),
        ("utils.py", "", "says nothing"),
        ("requirements.txt", "a==1 @ https" + "://example.org/a.whl", "no addresses"),
        ("notes.md", "https" + "://py" + "pi.org/simple", "package registry"),
        ("run.sh", "cd " + "/ro" + "ot/project", "path of one machine"),
        ("test_x.py", "@pytest.mark." + "skip", "left out quietly"),
    ],
)
def test_a_breach_is_named(house_rules: ModuleType, tmp_path: Path, name: str, text: str, breach: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert [line for line in house_rules.check_file(file) if breach in line]


def test_a_clean_file_passes(house_rules: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "raffle.py"
    file.write_text("def draw() -> int:\n    return 1\n")
    assert list(house_rules.check_file(file)) == []


def test_a_link_out_of_the_project_is_named(house_rules: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    within, out = tmp_path / "within", tmp_path / "out"
    within.symlink_to("folder")
    out.symlink_to(tmp_path / "folder")
    assert not list(house_rules.check_link(within))
    assert [line for line in house_rules.check_link(out) if "path of one machine" in line]
