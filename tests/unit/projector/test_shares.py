"""A log divided into shares: everything falls to exactly one, and their limits add up."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.ids import RunId, derived_id
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.rating import RatingSystemPromoted
from carnival.contracts.subjects import every_subject_of, one_of_run
from carnival.contracts.vote import VoteCast
from projector.application.follow_log import FollowLimits
from projector.application.memory import MemoryLimits
from projector.application.share import EVENTS_WORTH_A_SHARE, WHOLE, Share, number_of, shares_for

SUBJECTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="."), min_size=1).map(
        lambda run_id: one_of_run(RunId(run_id), VoteCast)
    ),
    st.sampled_from([every_subject_of(PipelineDefined), every_subject_of(RatingSystemPromoted), "carnival.events.x"]),
)


@given(SUBJECTS, st.integers(1, 32))
def test_every_event_has_one_share(subject: str, of: int) -> None:
    assert [share.has(subject) for share in shares(of)].count(True) == 1
    assert WHOLE.has(subject)


@given(SUBJECTS, st.integers(2, 8))
def test_all_shares_know_pipelines_and_each_its_own_events(subject: str, of: int) -> None:
    wanting = [share for share in shares(of) if share.wants(subject)]
    defines = subject == every_subject_of(PipelineDefined)
    assert wanting == (shares(of) if defines else [share for share in shares(of) if share.has(subject)])


def test_what_belongs_to_no_run_falls_to_the_first() -> None:
    assert Share(0, 5).has(every_subject_of(RatingSystemPromoted))


@pytest.mark.parametrize("of", [2, 3, 4, 7])
def test_runs_are_spread_evenly(of: int) -> None:
    counts = Counter(number_of(RunId(derived_id("run", number)), of) for number in range(10_000))
    assert len(counts) == of
    assert max(counts.values()) < 1.1 * 10_000 / of


def test_few_events_are_not_worth_another_process() -> None:
    assert shares_for(0, 4) == 1
    assert shares_for(2 * EVENTS_WORTH_A_SHARE - 1, 4) == 1
    assert shares_for(2 * EVENTS_WORTH_A_SHARE, 4) == 2
    assert shares_for(100 * EVENTS_WORTH_A_SHARE, 4) == 4


def test_shares_together_keep_within_the_limits_of_one() -> None:
    limits = FollowLimits(parked_in_a_row_max=20, memory=MemoryLimits(runs_max=10, rows_max=100))
    part = limits.of_share(3)
    assert (part.parked_in_a_row_max, part.memory.runs_max, part.memory.rows_max) == (6, 3, 33)
    assert limits.of_share(1) == limits


def shares(of: int) -> list[Share]:
    return [Share(number, of) for number in range(of)]
