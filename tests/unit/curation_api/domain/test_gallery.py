"""GAL-1."""

from __future__ import annotations

from dataclasses import dataclass

from curation_api.domain.gallery import default_step


@dataclass
class Column:
    step_order: int
    live: int


def test_the_highest_step_with_live_images_is_shown_else_the_last() -> None:
    assert default_step([Column(1, 5), Column(4, 2), Column(9, 0)]) == 4
    assert default_step([Column(1, 0), Column(4, 0)]) == 4
    assert default_step([]) is None
