"""PAY-6."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation_api.domain.slug import SLUG_LENGTH_MAX, slug_of, step_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Face Fix", "face-fix"),
        ("  Gym  Shoot! ", "gym-shoot"),
        ("Café Ångström", "cafe-angstrom"),
        ("STRASSE ß", "strasse-ss"),
        ("snake_case-kept", "snake_case-kept"),
        ("a/b\\c..d", "a-b-c-d"),
        ("--x--", "x"),
        ("日本", ""),
        ("İstanbul", "istanbul"),
    ],
)
def test_names_become_plain_folder_names(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_step_whose_name_leaves_nothing_is_called_by_its_order() -> None:
    assert step_slug("!!!", 3) == "step-3"


@given(st.text(max_size=300))
def test_a_slug_is_safe_as_a_folder_and_its_own_slug(name: str) -> None:
    slug = slug_of(name)
    assert re.fullmatch(r"[a-z0-9_-]*", slug)
    assert len(slug) <= SLUG_LENGTH_MAX
    assert slug == slug_of(slug)
    assert slug == slug.strip("-")
