"""What a sender has seen of the thing a command is about: the command is meant for that and no other state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from curation_api.domain.refusals import ChangedSince

ANY: Final = "*"


class Thing(StrEnum):
    RUN = "run"
    CANDIDATE = "candidate"
    PIPELINE = "pipeline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`versions` are those the command is meant for; ANY of an existing thing."""

    thing: Thing
    identity: str
    versions: frozenset[str]


def check_seen(seen: Seen, version: str) -> None:
    """Raises ChangedSince unless `version` is one the command is meant for."""
    if not seen.versions & {version, ANY}:
        raise ChangedSince(f"The {seen.thing.value} has changed since you saw it", version=version)
