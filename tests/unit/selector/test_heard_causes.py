from __future__ import annotations

from carnival.contracts.ids import Position, RunId
from carnival.contracts.notices import Cause
from selector.adapters.heard_causes import CAUSES_MAX, RUNS_MAX, HeardCauses

RUN = RunId("r1")


def cause(position: int, run_id: RunId = RUN) -> Cause:
    return Cause(run_id=run_id, position=Position(position), traceparent=f"trace-{position}")


def test_a_decision_follows_from_what_its_state_showed_and_from_nothing_later() -> None:
    causes = HeardCauses()
    causes.hear([cause(5), cause(7), cause(9), cause(8, RunId("r2"))])
    assert causes.behind(RUN, Position(8)) == ["trace-7", "trace-5"]
    causes.followed(RUN, Position(8))
    assert causes.behind(RUN, Position(99)) == ["trace-9"]
    assert causes.behind(RunId("r2"), Position(99)) == ["trace-8"]


def test_what_nobody_decides_on_does_not_pile_up() -> None:
    causes = HeardCauses()
    causes.hear(cause(position) for position in range(3 * CAUSES_MAX))
    assert len(causes.behind(RUN, Position(10_000))) == CAUSES_MAX
    causes.hear(cause(1, RunId(f"run {number}")) for number in range(RUNS_MAX))
    assert causes.behind(RUN, Position(10_000)) == []
