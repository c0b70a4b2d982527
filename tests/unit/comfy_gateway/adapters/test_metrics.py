from __future__ import annotations

from comfy_gateway.adapters.metrics import SlotTimes


def test_every_second_of_a_slot_is_counted_in_the_state_it_was_in() -> None:
    now, states = 100.0, {("gpu-1", "no_job"): 2}
    times = SlotTimes(lambda: states, lambda: now)
    now, states = 103.0, {("gpu-1", "busy"): 1, ("gpu-1", "no_job"): 1}
    times.changed()
    now, states = 110.0, {("gpu-1", "busy"): 2}
    times.changed()
    now = 111.0
    assert times.seconds() == {("gpu-1", "no_job"): 13.0, ("gpu-1", "busy"): 9.0}
