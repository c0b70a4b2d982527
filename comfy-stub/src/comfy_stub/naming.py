"""File names of saved pictures: tokens, subfolder, and the counter that goes on from what lies in the folder."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path


class OutsideOutputFolder(Exception):
    """A prefix that leads out of the folder; worded like the exception of ComfyUI."""

    def __init__(self, folder: str, top: str) -> None:
        super().__init__(
            "**** ERROR: Saving image outside the output folder is not allowed."
            f"\n full_output_folder: {folder}\n         output_dir: {top}\n"
            f"         commonpath: {os.path.commonpath([top, folder])}"
        )


@dataclass(frozen=True, slots=True)
class SavePlace:
    folder: Path
    subfolder: str
    stem: str
    counter: int

    def name(self, place: int, suffix: str = ".png") -> str:
        """The name of the `place`-th picture of a batch; `%batch_num%` is filled in here."""
        return f"{self.stem.replace('%batch_num%', str(place))}_{self.counter + place:05}_{suffix}"


def save_place(prefix: str, top: Path, width: int, height: int) -> SavePlace:
    """Where pictures of a prefix go. Raises OutsideOutputFolder, and OSError for a name that is too long."""
    wanted = os.path.normpath(_with_tokens(prefix, width, height))
    subfolder, stem = os.path.split(wanted)
    folder = os.path.normpath(os.path.join(top, subfolder))  # noqa: PTH118 - the folder may lead upwards
    if os.path.commonpath([str(top), folder]) != str(top):
        raise OutsideOutputFolder(folder, str(top))
    Path(folder).mkdir(parents=True, exist_ok=True)
    return SavePlace(Path(folder), subfolder, stem, _next_counter(Path(folder), stem))


def _with_tokens(prefix: str, width: int, height: int) -> str:
    now = time.localtime()
    tokens = {
        "%width%": str(width),
        "%height%": str(height),
        "%year%": str(now.tm_year),
        "%month%": f"{now.tm_mon:02}",
        "%day%": f"{now.tm_mday:02}",
        "%hour%": f"{now.tm_hour:02}",
        "%minute%": f"{now.tm_min:02}",
        "%second%": f"{now.tm_sec:02}",
    }
    for token, value in tokens.items():
        prefix = prefix.replace(token, value)
    return prefix


def _next_counter(folder: Path, stem: str) -> int:
    numbered = re.compile(re.escape(stem) + r"_(\d+)", re.IGNORECASE)
    taken = (numbered.match(entry.name) for entry in folder.iterdir())
    return max((int(found[1]) for found in taken if found), default=0) + 1
