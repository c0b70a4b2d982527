"""Ranges and file names of served files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation_api.adapters.http.serving import byte_range, safe_file_name
from curation_api.domain.image_refusals import BadRange


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=5-", (5, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("bytes=90-1000", (90, 100)),
        ("Bytes= 1 - 2 ", (1, 3)),
        ("bytes=0-0,5-6", None),
        ("bytes=-", None),
        ("bytes=9-5", None),
        ("rows=1-2", None),
        ("", None),
    ],
)
def test_a_range_is_read_as_the_standard_says(header: str, part: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(header: str) -> None:
    with pytest.raises(BadRange):
        byte_range(header, 100)


@given(st.text(max_size=60), st.integers(1, 1000))
def test_whatever_is_asked_the_part_lies_inside(header: str, size: int) -> None:
    part = byte_range(header, size)
    assert part is None or 0 <= part[0] < part[1] <= size


@given(st.text(max_size=300))
def test_a_file_name_is_harmless(name: str) -> None:
    safe = safe_file_name(name)
    assert 0 < len(safe) <= 150
    assert safe.isascii()
    assert not set(safe) & set('"\\/\r\n;')
    assert not safe.startswith(".")
