"""Why this one: the record read back, number by number (RAF, SEL)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.ids import CandidateId, Position
from carnival.contracts.job import Competitor, Decision, SelectionMode
from curation_api.domain.decision_record import Asked, Explanation, explain


def told(tickets: list[int], draw: int, winner: str | None, *, total: int | None = None, **fields: str) -> Explanation:
    """The explanation of a raffle among c0, c1, ... with these tickets; `total` counts unrecorded ones as well."""
    decision = Decision(
        mode=SelectionMode.CHILD_GENERATION,
        policy=fields.get("policy", "round_robin"),
        competitors_total=total or len(tickets),
        tickets_total=sum(tickets),
        competitors=tuple(
            Competitor(candidate_id=CandidateId(f"c{place}"), tickets=count) for place, count in enumerate(tickets)
        ),
        draw=draw,
        read_position=Position(9),
    )
    return explain(
        Asked(
            decision=decision,
            profile=fields.get("profile", "autonomous"),
            step_name="Hand Fix",
            parent_id=CandidateId(winner) if winner else None,
            parent_step_name="Face Fix",
        )
    )


def rules(found: Explanation) -> list[str]:
    return [reason.rule for reason in found.reasons]


def test_each_competitor_shows_its_numbers_its_chance_and_how_far_the_draw_was_off() -> None:
    found = told([10, 30, 60], 25, "c1")
    assert [(one.first, one.last, one.share, one.won, one.missed_by) for one in found.entries] == [
        (0, 9, 0.1, False, 16),
        (10, 39, 0.3, True, 0),
        (40, 99, 0.6, False, -15),
    ]
    assert found.would_change[1:] == (
        "A draw outside of 10 to 39; it was 25.",
        "15 tickets or fewer for the winner, where it had 30.",
        "A draw lower by 16: then c0 had won.",
        "A draw higher by 15: then c2 had won.",
    )


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any), st.data())
def test_the_record_says_truly_what_another_draw_and_fewer_tickets_had_led_to(
    tickets: list[int], data: st.DataObject
) -> None:
    def winner_of(counts: list[int], draw: int) -> str:
        running = 0
        for place, count in enumerate(counts):
            running += count
            if running > draw:
                return f"c{place}"
        return "nobody"

    draw = data.draw(st.integers(0, sum(tickets) - 1))
    found = told(tickets, draw, winner_of(tickets, draw))
    assert abs(sum(one.share for one in found.entries) - 1) < 1e-9
    won = found.winner
    assert won is not None
    for number in range(sum(tickets)):
        owner = next(one for one in found.entries if one.first <= number <= one.last)
        assert owner.candidate_id == winner_of(tickets, number)
    place = int(won.candidate_id[1:])
    enough = [*tickets[:place], draw - won.first + 1, *tickets[place + 1 :]]
    too_few = [*tickets[:place], draw - won.first, *tickets[place + 1 :]]
    assert winner_of(enough, draw) == won.candidate_id
    assert winner_of(too_few, draw) != won.candidate_id


def test_without_tickets_each_has_one_number() -> None:
    found = told([0, 0], 1, "c1")
    assert [(one.first, one.last, one.share) for one in found.entries] == [(0, 0, 0.5), (1, 1, 0.5)]
    assert "RAF-3" in rules(found)


def test_a_winner_behind_the_recorded_ones_is_not_made_up() -> None:
    found = told([5, 5], 7, "c900", total=900)
    assert (found.winner, found.unrecorded) == (None, 898)
    assert len(found.would_change) == 1


def test_the_rules_depend_on_profile_policy_and_number_of_competitors() -> None:
    assert rules(told([5], 0, "c0")) == ["RUN-2", "SEL-12", "SEL-8", "SEL-9", "RAF-2"]
    assert rules(told([5, 6], 0, "c0", policy="global")) == ["RUN-3", "SEL-12", "SEL-8", "SEL-9", "RAF-1"]
    assert rules(told([5, 6], 0, "c0", profile="gated")) == ["RUN-2", "GATE-5", "GATE-3", "SEL-9", "RAF-1"]


def test_a_base_image_was_made_because_finals_were_missing() -> None:
    base = Decision(mode=SelectionMode.BASE_GENERATION, policy="round_robin", read_position=Position(1))
    for profile, rule in (("autonomous", "DEF-3"), ("gated", "GATE-1")):
        asked = Asked(decision=base, profile=profile, step_name="Base", parent_id=None, parent_step_name=None)
        found = explain(asked)
        assert rules(found) == ["RUN-2", rule]
        assert found.entries == ()
