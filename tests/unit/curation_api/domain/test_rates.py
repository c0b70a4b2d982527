"""How often somebody may ask."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import example, given
from hypothesis import strategies as st

from curation_api.domain.access.rates import Buckets, Rate

pauses = st.lists(st.floats(min_value=0, max_value=10), min_size=1, max_size=200)
rates = st.builds(Rate, st.integers(1, 20), st.sampled_from([0.01, 0.5, 1.0, 3.0, 100.0]))


@given(rates, pauses)
def test_nobody_gets_more_than_the_burst_and_what_time_brings_back(rate: Rate, pauses: list[float]) -> None:
    buckets = Buckets("member", rate)
    admitted = 0
    for now in accumulate(pauses):
        admitted += buckets.take("ada", now).wait_seconds == 0
        assert admitted <= rate.burst + (now - pauses[0]) * rate.per_second + 1e-6


@given(rates, pauses)
@example(
    Rate(1, 1.0), [0.44165074211896865, 3.5794216387684337, 1.5794216387684337, 8.579421638768434, 0.4416507421189]
)
def test_who_waits_as_long_as_told_is_admitted(rate: Rate, pauses: list[float]) -> None:
    buckets = Buckets("member", rate)
    now = 0.0
    for pause in pauses:
        now += pause
        wait = buckets.take("ada", now).wait_seconds
        if wait:
            now += wait
            assert buckets.take("ada", now).wait_seconds == 0


def test_senders_do_not_share_a_bucket() -> None:
    buckets = Buckets("member", Rate(1, 0.01))
    assert buckets.take("ada", 0).wait_seconds == 0
    assert buckets.take("ada", 0).wait_seconds == 100
    assert buckets.take("bob", 0).wait_seconds == 0


def test_memory_is_bounded_however_many_come_and_the_one_that_comes_again_is_kept() -> None:
    buckets = Buckets("address", Rate(2, 0.01), kept_max=10)
    for number in range(1000):
        buckets.take("ada", 0)
        buckets.take(f"stranger-{number}", 0)
    assert len(buckets) == 10
    assert buckets.take("ada", 0).wait_seconds > 0
