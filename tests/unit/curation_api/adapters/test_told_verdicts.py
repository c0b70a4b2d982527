"""Verdicts on events, as the projector's notices tell them."""

from __future__ import annotations

from carnival.contracts.ids import Position
from carnival.contracts.notices import Projected, VoidNotice
from carnival.contracts.verdict import VoidReason
from curation_api.adapters.read_model.told_verdicts import KEPT_MAX, ToldVerdicts


def batch(after: int, position: int, *voids: int) -> Projected:
    told = tuple(VoidNotice(position=Position(void), reason=VoidReason.VOTE_EXISTS) for void in voids)
    return Projected(position=Position(position), after=Position(after), voids=told)


def verdicts(*notices: Projected) -> ToldVerdicts:
    told = ToldVerdicts()
    for notice in notices:
        told.hear(notice)
    return told


def test_a_notice_tells_of_each_event_of_its_batch_whether_it_is_void() -> None:
    told = verdicts(batch(4, 7, 6), batch(7, 8))
    assert [told.has(Position(position)) for position in range(3, 10)] == [False, False, True, True, True, True, False]
    assert [told.void_reason(Position(position)) for position in (5, 6, 7, 8)] == [None, "vote_exists", None, None]


def test_of_a_batch_whose_notice_was_lost_nothing_is_known() -> None:
    told = verdicts(batch(4, 7), batch(9, 12))
    assert [told.has(Position(position)) for position in (7, 8, 9, 10)] == [True, False, False, True]


def test_rows_that_go_on_from_elsewhere_make_what_was_told_worthless() -> None:
    told = verdicts(batch(4, 7), batch(2, 3))
    assert (told.has(Position(6)), told.has(Position(3))) == (False, True)
    told.hear(Projected(position=Position(9)))
    assert not told.has(Position(3))
    assert not told.has(Position(9))


def test_only_the_newest_notices_are_kept() -> None:
    told = verdicts(*(batch(number, number + 1) for number in range(KEPT_MAX + 1)))
    assert (told.has(Position(1)), told.has(Position(2))) == (False, True)
