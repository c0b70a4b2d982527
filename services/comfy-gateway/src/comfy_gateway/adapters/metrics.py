"""How the gateway and its servers are doing: slots busy and idle with the reason, jobs, seconds on the GPU."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from opentelemetry.metrics import Observation

from carnival.contracts.envelope import Event
from carnival.contracts.job import AttemptFailed, ImageProduced, JobFailed
from carnival.contracts.notices import JobPhase
from carnival.telemetry.catalogue.comfy_gateway import (
    ATTEMPTS_FAILED,
    GPU_MEMORY_FREE,
    GPU_TIME,
    JOBS_ENDED,
    JOBS_IN_HAND,
    RENDER_DURATION,
    SLOT_TIME,
    SLOTS,
)
from carnival.telemetry.instruments import counter, histogram
from carnival.telemetry.sampling import Samples, Source
from comfy_gateway.application.track_node import Node

BUSY: Final = "busy"
NEXT: Final = "next"
"""A free slot with a job in hand that is not posted yet."""
NONE: Final = "none"


class JobCounts:
    """Hears of each event of this gateway that the log took."""

    def __init__(self) -> None:
        self._ended = counter(JOBS_ENDED)
        self._attempts = counter(ATTEMPTS_FAILED)
        self._gpu = counter(GPU_TIME)
        self._render = histogram(RENDER_DURATION)

    def appended(self, event: Event) -> None:
        match event:
            case ImageProduced():
                self._ended.add(1, _place(event) | {"class": NONE, "code": NONE})
                self._render.record(event.gpu_seconds, {"pool": event.pool, "step": str(event.step_order)})
            case JobFailed():
                self._ended.add(1, _place(event) | _failure(event))
            case AttemptFailed():
                self._attempts.add(1, _place(event) | _failure(event))
            case _:
                return
        self._gpu.add(event.gpu_seconds, _place(event))


SlotStates = Mapping[tuple[str, str], int]
"""How many slots of a node are in a state."""


def slot_states(nodes: Sequence[Node], pool: str) -> SlotStates:
    """Of all nodes, as it is now."""
    return {(node.name, state): slots for node in nodes for state, slots in _states(node, pool)}


class SlotTimes:
    """Adds up how long slots were in which state. Must hear of every change, after it."""

    def __init__(self, states: Callable[[], SlotStates], clock: Callable[[], float] = time.monotonic) -> None:
        self._read = states
        self._clock = clock
        self._seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._states, self._since = states(), clock()

    def changed(self) -> None:
        now = self._clock()
        for place, slots in self._states.items():
            self._seconds[place] += slots * (now - self._since)
        self._states, self._since = self._read(), now

    def seconds(self) -> Mapping[tuple[str, str], float]:
        """Up to now, by node and state."""
        self.changed()
        return dict(self._seconds)


def node_standing(nodes: Sequence[Node], pool: str, times: SlotTimes) -> Source:
    async def read() -> Samples:
        return {
            SLOT_TIME: _by_state(times.seconds(), pool),
            SLOTS: _by_state(slot_states(nodes, pool), pool),
            JOBS_IN_HAND: [observation for node in nodes for observation in _jobs(node, pool)],
            GPU_MEMORY_FREE: [
                Observation(sum(device.memory_free for device in node.machine.devices), _labels(node, pool))
                for node in nodes
                if node.machine.devices
            ],
        }

    return Source("nodes", (SLOT_TIME, SLOTS, JOBS_IN_HAND, GPU_MEMORY_FREE), read)


def _states(node: Node, pool: str) -> Iterator[tuple[str, int]]:
    yield BUSY, node.busy_slots
    if (free := node.slots - node.busy_slots) > 0:
        idle = node.idle(pool)
        yield (idle.cause.value if idle else NEXT), free


def _by_state(values: Mapping[tuple[str, str], float], pool: str) -> list[Observation]:
    return [Observation(value, {"pool": pool, "node": node, "state": state}) for (node, state), value in values.items()]


def _jobs(node: Node, pool: str) -> Iterator[Observation]:
    phases = Counter(job.phase for job in node.jobs.values())
    for phase in JobPhase:
        yield Observation(phases[phase], _labels(node, pool) | {"phase": phase.value})


def _labels(node: Node, pool: str) -> dict[str, str]:
    return {"pool": pool, "node": node.name}


def _place(event: ImageProduced | JobFailed | AttemptFailed) -> dict[str, str]:
    return {"pool": event.pool, "node": event.node or NONE}


def _failure(event: JobFailed | AttemptFailed) -> dict[str, str]:
    return {"class": event.failure_class.value, "code": event.code.value}
