"""Votes as training examples: labels and splits."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.vote import Outcome
from curation_api.domain.export_refusals import BadFractions
from curation_api.domain.preference import Fractions, Split, labels_of, split_of

SHARES = st.floats(0, 0.5)


@pytest.mark.parametrize(
    ("outcome", "labels"),
    [
        (Outcome.LEFT, (1.0, 0.0)),
        (Outcome.RIGHT, (0.0, 1.0)),
        (Outcome.TIE, (0.5, 0.5)),
        (Outcome.BOTH_BAD, (0.0, 0.0)),
    ],
)
def test_a_vote_shares_one_preference_between_its_images_and_none_if_both_are_bad(
    outcome: Outcome, labels: tuple[float, float]
) -> None:
    assert labels_of(outcome) == labels


@given(run_id=st.text(min_size=1), validation=SHARES, test=SHARES, more=SHARES)
def test_a_larger_held_out_part_takes_runs_in_and_drops_none(
    run_id: str, validation: float, test: float, more: float
) -> None:
    small = split_of(run_id, Fractions(validation=validation, test=test))
    if small is Split.TEST:
        assert split_of(run_id, Fractions(validation=validation, test=min(0.5, test + more))) is Split.TEST


def test_the_split_of_a_run_never_changes() -> None:
    fractions = Fractions(validation=0.25, test=0.25)
    train, validation, test = Split
    expected = [train, validation, train, test, test, validation, test, train]
    assert [split_of(f"run-{number}", fractions) for number in range(8)] == expected


def test_splits_have_the_sizes_that_were_asked_for() -> None:
    counted = Counter(split_of(f"run-{number}", Fractions(validation=0.2, test=0.1)) for number in range(10_000))
    assert abs(counted[Split.TEST] - 1000) < 100
    assert abs(counted[Split.VALIDATION] - 2000) < 150


@pytest.mark.parametrize(("share", "split"), [(0.0, Split.TRAIN), (1.0, Split.TEST)])
def test_nothing_and_everything_may_be_held_out(share: float, split: Split) -> None:
    assert {split_of(f"run-{number}", Fractions(validation=0, test=share)) for number in range(100)} == {split}


def test_more_than_the_whole_cannot_be_held_out() -> None:
    with pytest.raises(BadFractions, match="more than the whole"):
        Fractions(validation=0.7, test=0.4)
