"""States as everybody sees them: what is true of a server comes before what people want of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from carnival.contracts.notices import IdleCause, NodeState
from comfy_gateway.domain.health import Quarantine
from comfy_gateway.domain.standing import Facts, Standing, idle_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
HELD = Quarantine(since=NOON, until=LATER, reason="it failed 3 times")
READY = Standing(state=NodeState.READY, reason="", since=NOON)

FACTS = st.builds(
    Facts,
    trouble=st.sampled_from([None, "it does not answer"]),
    quarantine=st.sampled_from([None, HELD]),
    drain=st.sampled_from([None, "a new driver"]),
    ending=st.booleans(),
    rendering=st.booleans(),
)


@given(FACTS)
def test_the_state_is_one_of_five_and_says_why(facts: Facts) -> None:
    standing = READY.after(facts, LATER)
    if facts.trouble:
        expected = (NodeState.UNREACHABLE, facts.trouble)
    elif facts.quarantine:
        expected = (NodeState.QUARANTINED, "it failed 3 times")
    elif facts.drain or facts.ending:
        expected = (NodeState.DRAINING, facts.drain or "its gateway ends")
    else:
        expected = (NodeState.BUSY if facts.rendering else NodeState.READY, "")
    assert (standing.state, standing.reason) == expected
    assert facts.takes_jobs is (standing.state in (NodeState.READY, NodeState.BUSY))


@given(st.lists(FACTS, max_size=20))
def test_since_moves_with_the_state_and_only_with_it(history: list[Facts]) -> None:
    standing, now = READY, NOON
    for facts in history:
        now += timedelta(seconds=1)
        after = standing.after(facts, now)
        assert after.since == (standing.since if after.state is standing.state else now)
        standing = after


def cause(standing: Standing, facts: Facts, *, free_slots: int = 1, in_hand: int = 0, lacks: str = "") -> object:
    idle = idle_of(standing, facts, free_slots=free_slots, in_hand=in_hand, lacks=lacks, pool="big")
    return (idle.cause, idle.words) if idle else None


def test_an_idle_slot_has_a_reason() -> None:
    works = Facts(trouble=None)
    assert cause(READY, works) == (IdleCause.NO_JOB, "no job of pool big is wanted")
    assert cause(READY, works, free_slots=0) is None
    assert cause(READY, works, in_hand=1) is None
    lacking = (IdleCause.LACKS, "jobs of pool big need what it does not have: file a.pt")
    assert cause(READY, works, lacks="file a.pt") == lacking
    held = Facts(trouble=None, quarantine=HELD)
    assert cause(READY.after(held, LATER), held) == (IdleCause.QUARANTINED, "next canary at 12:05:00 UTC")
    drained = Facts(trouble=None, drain="a new driver")
    assert cause(READY.after(drained, LATER), drained) == (IdleCause.DRAINING, "a new driver")
    away = Facts(trouble="it does not answer")
    assert cause(READY.after(away, LATER), away) == (IdleCause.UNREACHABLE, "it does not answer")
