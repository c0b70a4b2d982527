"""PAIR."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.ids import CandidateId
from curation_api.domain.pairing import Column, Entrant, Pair, offer_pair, surely_open


def pair(a: str, b: str) -> Pair:
    return frozenset((CandidateId(a), CandidateId(b)))


def column(
    order: int, votes: dict[str, int], voted: set[Pair] | None = None, pictures: dict[str, str] | None = None
) -> Column:
    """`pictures` says what an image shows; it shows itself where that says nothing."""
    shown = {name: name for name in votes} | (pictures or {})
    entrants = [Entrant(CandidateId(name), count, CandidateId(shown[name])) for name, count in votes.items()]
    return Column(step_order=order, entrants=entrants, voted=frozenset(voted or ()))


def offered(columns: list[Column], skipped: set[Pair] | None = None, seed: int = 1) -> Pair | None:
    offer = offer_pair(columns, frozenset(skipped or ()), Random(seed).randrange)
    return pair(offer.left_id, offer.right_id) if offer else None


def test_the_highest_step_with_an_open_pair_is_offered() -> None:
    base, fix, final = column(1, {"a": 0, "b": 0}), column(2, {"c": 0, "d": 0}), column(3, {"e": 0})
    assert offered([base, fix, final]) == pair("c", "d")
    assert offered([base, column(2, {"c": 0, "d": 0}, {pair("c", "d")}), final]) == pair("a", "b")


def test_the_pair_with_the_fewest_votes_is_taken() -> None:
    votes = {"a": 3, "b": 0, "c": 1, "d": 1}
    for seed in range(20):
        assert offered([column(1, votes)], seed=seed) in {pair("b", "c"), pair("b", "d")}


def test_no_open_pair_no_offer() -> None:
    assert offered([]) is None
    assert offered([column(1, {"a": 0})]) is None
    assert offered([column(1, {"a": 1, "b": 1}, {pair("a", "b")})]) is None


def test_a_skipped_pair_waits_until_it_is_the_only_one() -> None:
    three = column(1, {"a": 0, "b": 0, "c": 0})
    skipped = {pair("a", "b")}
    assert all(offered([three], skipped, seed) != pair("a", "b") for seed in range(20))
    assert offered([column(1, {"a": 0, "b": 0})], skipped) == pair("a", "b")


def test_a_skipped_pair_of_the_last_step_gives_way_to_an_earlier_step() -> None:
    columns = [column(1, {"a": 0, "b": 0}), column(2, {"c": 0, "d": 0})]
    assert offered(columns, {pair("c", "d")}) == pair("a", "b")


def test_the_pair_skipped_last_returns_only_when_it_is_the_very_last() -> None:
    columns = [column(1, {"a": 0, "b": 0, "c": 0})]
    every = frozenset((pair("a", "b"), pair("a", "c"), pair("b", "c")))
    chance = Random(5).randrange
    for _ in range(50):
        offer = offer_pair(columns, every, chance, just_skipped=pair("a", "b"))
        assert offer is not None
        assert pair(offer.left_id, offer.right_id) != pair("a", "b")
    alone = offer_pair([column(1, {"a": 0, "b": 0})], every, chance, just_skipped=pair("a", "b"))
    assert alone is not None


def test_sides_and_equals_are_drawn_evenly() -> None:
    seen: Counter[tuple[str, str]] = Counter()
    chance = Random(7).randrange
    for _ in range(6000):
        offer = offer_pair([column(1, {"a": 0, "b": 0, "c": 0})], frozenset(), chance)
        assert offer is not None
        seen[offer.left_id, offer.right_id] += 1
    assert len(seen) == 6
    assert all(850 < count < 1150 for count in seen.values())


@given(st.data())
def test_every_open_pair_of_the_smallest_sum_can_be_drawn_and_no_other(data: st.DataObject) -> None:
    votes = data.draw(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), min_size=2))
    pictures = {name: data.draw(st.sampled_from((name, "same", "alike"))) for name in votes}
    every = [pair(a, b) for a, b in combinations(votes, 2)]
    foreign = [pair("x", "y"), pair("a", "z")]
    voted = set(data.draw(st.lists(st.sampled_from(every + foreign))))
    still_open = [found for found in every if found not in voted and len({pictures[name] for name in found}) == 2]
    sums = {found: sum(votes[name] for name in found) for found in still_open}
    least = {found for found, total in sums.items() if total == min(sums.values())}
    one = column(1, votes, voted, pictures)
    assert surely_open(one, frozenset()) == bool(still_open)
    assert every_draw(one, frozenset(), len(least)) == least


@given(st.data())
def test_the_least_voted_images_offer_what_the_whole_column_offers_whenever_one_of_their_pairs_is_surely_open(
    data: st.DataObject,
) -> None:
    votes = data.draw(st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 6), min_size=2))
    pictures = {name: data.draw(st.sampled_from((name, "same", "alike"))) for name in votes}
    pairs = st.sets(st.sampled_from([pair(a, b) for a, b in combinations(votes, 2)]))
    voted, skipped = data.draw(pairs), frozenset(data.draw(pairs))
    whole = column(1, votes, voted, pictures)
    reach = data.draw(st.sampled_from(sorted(votes.values())))
    read = [entrant for entrant in whole.entrants if entrant.votes <= reach]
    part = Column(step_order=1, entrants=read, voted=whole.voted, reach=reach)

    if surely_open(part, skipped):
        draws = len(votes) ** 2
        assert surely_open(whole, skipped)
        assert every_draw(part, skipped, draws) == every_draw(whole, skipped, draws)


def every_draw(one: Column, skipped: frozenset[Pair], draws: int) -> set[Pair]:
    """What the column offers at so many different draws, at least one."""
    offers = [offer_pair([one], skipped, lambda n, number=number: number % n) for number in range(max(1, draws))]
    return {pair(offer.left_id, offer.right_id) for offer in offers if offer is not None}


def test_a_column_of_one_picture_only_offers_nothing_however_large_it_is() -> None:
    names = [f"c{i}" for i in range(3000)]
    alike = column(1, dict.fromkeys(names, 0), pictures=dict.fromkeys(names, "c0"))
    assert offered([alike]) is None
    assert not surely_open(alike, frozenset())


def test_a_large_column_is_no_burden() -> None:
    rng = Random(3)
    names = [f"c{i}" for i in range(3000)]
    voted = {pair(*rng.sample(names, 2)) for _ in range(5000)}
    assert offered([column(1, {name: rng.randrange(40) for name in names}, voted)]) is not None
