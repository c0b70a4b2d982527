"""What is kept between batches, and what is forgotten."""

from __future__ import annotations

import gc

from unit.projector.histories import history

from carnival.contracts.envelope import Recorded
from carnival.contracts.ids import Position, RunId
from carnival.contracts.subjects import subject_of
from carnival.testing import examples
from projector.application.memory import Memory, MemoryLimits
from projector.domain.fold import apply


def test_runs_used_longest_ago_are_forgotten_and_leave_no_garbage() -> None:
    memory = Memory(MemoryLimits(runs_max=1))
    for number, event in enumerate(history(51, 500, runs=3), 1):
        apply(memory.model, Recorded(event, examples.meta(), Position(number), subject_of(event)))
    gc.collect()
    gc.disable()
    try:
        forgotten = memory.settle([RunId("r2"), RunId("r0"), RunId("r1")])
        assert gc.collect() == 0
    finally:
        gc.enable()
    assert forgotten == ["r2", "r0"]
    assert list(memory.model.runs) == ["r1"]
