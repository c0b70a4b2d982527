"""Points in time as requests name them."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from curation_api.adapters.http.instants import Instant

INSTANTS = TypeAdapter[Instant](Instant)


@pytest.mark.parametrize("value", [0, 0.5, "0.5", "1795000000", "nan", "2026-11-27T10:00:00", "soon"])
def test_a_number_or_a_time_without_a_zone_is_no_instant(value: object) -> None:
    with pytest.raises(ValidationError):
        INSTANTS.validate_python(value)


def test_a_date_a_time_and_a_zone_are_an_instant() -> None:
    assert INSTANTS.validate_python("2026-11-27T10:00:00Z").isoformat() == "2026-11-27T10:00:00+00:00"
