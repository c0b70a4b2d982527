"""Where a run's files go (PAY-5, RUN-6, CLI-2)."""

from __future__ import annotations

import re
from datetime import datetime

from carnival.contracts.ids import RunId
from curation_api.domain.refusals import BadFolder
from curation_api.domain.slug import slug_of

FOLDER_LENGTH_MAX = 200
PART_LENGTH_MAX = 100
SUFFIX_LENGTH = 8

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]")


def checked_folder(folder: str) -> str:
    """`folder` without a trailing slash. Raises BadFolder unless it is a plain path below the image root."""
    plain = folder.removesuffix("/")
    if plain.startswith("/") or re.match(r"[A-Za-z]:", plain):
        raise BadFolder(f"{folder[:80]!r} is absolute; name a folder below the image root", folder=folder[:200])
    if len(plain) > FOLDER_LENGTH_MAX or _UNSAFE.search(plain):
        raise BadFolder("A folder has at most 200 characters, no backslash and no control characters")
    for part in plain.split("/"):
        if part.strip() in {"", ".", ".."} or len(part.encode()) > PART_LENGTH_MAX:
            raise BadFolder(f"{part[:80]!r} cannot be a part of a folder", folder=folder[:200])
    return plain


def dated_folder(name: str, now: datetime) -> str:
    """The folder a run gets when it names none: the day and the name's slug."""
    return f"{now:%Y-%m-%d}-{slug_of(name) or 'run'}"


def dated_folder_apart(name: str, now: datetime, run_id: RunId) -> str:
    """The same for a run whose plain folder is taken; it still begins with the day and ends in the slug."""
    return f"{now:%Y-%m-%d}-{run_id[:SUFFIX_LENGTH]}-{slug_of(name) or 'run'}"
