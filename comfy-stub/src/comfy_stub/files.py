"""The input, output and temp folders: finding files in them and taking uploads."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KINDS = ("output", "input", "temp")


class UnknownKind(ValueError):
    """A folder type other than output, input and temp."""


class OutsideFolder(ValueError):
    """A name or subfolder that leads out of its folder."""


@dataclass(frozen=True, slots=True)
class Files:
    """Three folders below `root`; input and output survive a restart, temp is emptied."""

    root: Path

    def prepare(self) -> None:
        for kind in KINDS:
            self.folder(kind).mkdir(parents=True, exist_ok=True)

    def empty_temp(self) -> None:
        shutil.rmtree(self.folder("temp"), ignore_errors=True)
        self.folder("temp").mkdir(parents=True, exist_ok=True)

    def empty_output(self) -> None:
        """Names begin anew: a name given before is given again."""
        shutil.rmtree(self.folder("output"), ignore_errors=True)
        self.folder("output").mkdir(parents=True, exist_ok=True)

    def folder(self, kind: str) -> Path:
        """Raises UnknownKind."""
        if kind not in KINDS:
            raise UnknownKind(kind)
        return self.root.resolve() / kind

    def within(self, kind: str, subfolder: str) -> Path:
        """The subfolder of a folder; raises OutsideFolder when it is not below it."""
        top = self.folder(kind)
        return _below(top, top / subfolder)

    def annotated(self, name: str, default: str = "input") -> Path:
        """The file of a LoadImage value, `sub/name.png` or `sub/name.png [output]`; may lie anywhere."""
        bare, kind = split_annotation(name)
        return self.folder(kind or default) / bare

    def input_names(self) -> list[str]:
        return sorted(entry.name for entry in self.folder("input").iterdir() if entry.is_file())

    def upload(
        self,
        kind: str,
        subfolder: str,
        name: str,
        content: bytes,
        *,
        overwrite: bool,
        write: Callable[[Path], None] | None = None,
    ) -> str:
        """Store an upload and return the name it got.

        Without `overwrite` a taken name becomes `name (1).png` and so on, unless a file of that line holds the same
        bytes already. `write` replaces the plain writing of `content`. Raises OutsideFolder, UnknownKind, and OSError
        for a name with a folder in it.
        """
        top = self.folder(kind)
        folder = top / os.path.normpath(subfolder or ".")
        target = _below(top, Path(os.path.normpath(folder / name)))
        folder.mkdir(parents=True, exist_ok=True)
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 - the name may hold a folder, which must stay in the stem
        copy = 0
        while not overwrite and target.exists():
            if _digest(target.read_bytes()) == _digest(content):
                return name
            copy += 1
            name = f"{stem} ({copy}){suffix}"
            target = folder / name
        if write is None:
            target.write_bytes(content)
        else:
            write(target)
        return name


def split_annotation(name: str) -> tuple[str, str]:
    """`x.png [output]` -> (`x.png`, `output`). Without the blank, a letter of the name is lost."""
    for kind in KINDS:
        if name.endswith(f"[{kind}]"):
            return name[: -len(kind) - 3], kind
    return name, ""


def _below(top: Path, path: Path) -> Path:
    plain = Path(os.path.normpath(path))
    if os.path.commonpath([plain, top]) != str(top):
        raise OutsideFolder(str(path))
    return plain


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
