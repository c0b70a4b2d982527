"""Folder names made of people's names (PAY-6)."""

from __future__ import annotations

import re
import unicodedata

SLUG_LENGTH_MAX = 80

_STRETCH = re.compile(r"[^a-z0-9_-]+")
_UNDECOMPOSED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)


def slug_of(text: str) -> str:
    """`text` as lower-case plain letters, digits, underscores and hyphens, 80 at the most; empty if nothing is left."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_UNDECOMPOSED))
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign)).lower()
    return _STRETCH.sub("-", plain).strip("-")[:SLUG_LENGTH_MAX].strip("-")


def step_slug(name: str, order: int) -> str:
    """The folder name of a step, never empty."""
    return slug_of(name) or f"step-{order}"
