"""Rules of the house that no other tool checks. Prints each breach with its place; exits 1 if there is one."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

MODULE_LINES_MAX = 400
DECISIONS = Path("docs/adr")
FUNCTION_LINES_MAX = 70
BANNED_MODULES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base_service"}
CODE_ENDINGS = {".py", ".ts", ".svelte", ".sql"}
PYTHON_ROOTS = ("services/", "shared/", "cli/", "comfy-stub/", "tools/", "bench/")

_REGISTRY = re.compile(r"://[a-z0-9.-]*(?:py[p]i|python[h]osted|npm[j]s|deb[i]an)")
_MACHINE = re.compile(r"(?:^|[\s\"'=(])/(?:w[o]rk/main|r[o]ot/|h[o]me/[a-z]+/)")
_SKIPS = re.compile(r"pytest\.mark\.(?:s[k]ip|x[f]ail)|pytest\.s[k]ip\(|\b(?:test|it)\.s[k]ip\(")
_ADDRESS_IN_LOCK = re.compile(r"://")


def main() -> int:
    files = [Path(name) for name in _tracked()]
    breaches = [breach for file in files if file.is_file() for breach in check_file(file)]
    breaches += [breach for file in files for breach in check_link(file)]
    breaches += check_decisions(files)
    for breach in breaches:
        print(breach)
    print(f"{len(files)} files, {len(breaches)} breaches of the house rules")
    return 1 if breaches else 0


def check_decisions(files: Iterable[Path]) -> Iterator[str]:
    """Decisions that share a number."""
    by_number: dict[str, list[str]] = {}
    for file in files:
        if file.parent == DECISIONS and file.is_file():
            by_number.setdefault(file.name.split("-")[0], []).append(file.name)
    for number, names in by_number.items():
        if len(names) > 1:
            yield f"{DECISIONS}: number {number} is taken more than once: {', '.join(names)}"


def check_link(file: Path) -> Iterator[str]:
    """A link whose end is named from the root: it leads to a place of one machine."""
    if file.is_symlink() and file.readlink().is_absolute():
        yield f"{file}: a link to {file.readlink()}, a path of one machine"


def check_file(file: Path) -> Iterator[str]:
    """All breaches in one file, each as `path:line: sentence`."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    yield from _check_text(file, text)
    if file.suffix in CODE_ENDINGS and text.count("\n") > MODULE_LINES_MAX:
        yield f"{file}: more than {MODULE_LINES_MAX} lines; one idea a file"
    if file.suffix == ".py":
        if file.stem in BANNED_MODULES:
            yield f"{file}: a name that says nothing; name the idea"
        if str(file).startswith(PYTHON_ROOTS):
            yield from _check_functions(file, ast.parse(text))


def _check_text(file: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if _REGISTRY.search(line):
            yield f"{file}:{number}: an address of a package registry"
        if _MACHINE.search(line):
            yield f"{file}:{number}: a path of one machine"
        if _SKIPS.search(line):
            yield f"{file}:{number}: a test that is left out quietly"
        if file.name.startswith("requirements") and _ADDRESS_IN_LOCK.search(line):
            yield f"{file}:{number}: a lock holds hashes, no addresses"


def _check_functions(file: Path, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                yield f"{file}:{node.lineno}: {node.name} has {length} lines; a function fits one screen"


def _tracked() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], check=True, capture_output=True, text=True
    )
    return listing.stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
