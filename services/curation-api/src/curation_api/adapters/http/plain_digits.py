"""Whole numbers as paths, queries and headers name them."""

from __future__ import annotations

import re
from typing import Final

from pydantic import BeforeValidator

_PLAIN: Final = re.compile(r"-?[0-9]+")


def _no_other_spelling(value: object) -> object:
    """Pydantic would read `+1`, `1.0` and `1_000` too, which the document does not offer."""
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        raise ValueError("Input should be a whole number, written with digits only")
    return value


PLAIN_DIGITS: Final = BeforeValidator(_no_other_spelling)
"""For parameters. Behind their bounds, else the document would not show those."""
