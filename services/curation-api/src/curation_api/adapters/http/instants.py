"""Points in time as requests name them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator


def _no_number(value: object) -> object:
    """Pydantic would read a number as seconds since 1970, which the document does not offer."""
    try:
        float(str(value))
    except ValueError:
        return value
    raise ValueError("Input should be a date and time with a zone, not a number")


Instant = Annotated[AwareDatetime, BeforeValidator(_no_number)]
"""A date, a time and a zone, as RFC 3339 writes them."""
