"""What this service counts beside its requests: votes, and what the read model and the projector say of themselves."""

from __future__ import annotations

from opentelemetry.metrics import Observation

from carnival.contracts.envelope import Event
from carnival.contracts.notices import WorkProgress
from carnival.contracts.vote import VoteCast
from carnival.telemetry.catalogue.curation_api import PARKED, VOID, VOTES, WORK_DONE, WORK_LEFT
from carnival.telemetry.instruments import counter
from carnival.telemetry.sampling import Samples, Source
from curation_api.adapters.read_model.monitoring import PostgresMonitoring
from curation_api.adapters.work_board import WorkBoard


class VoteCounts:
    """Hears of each event of this service that the log took."""

    def __init__(self) -> None:
        self._votes = counter(VOTES)

    def appended(self, event: Event) -> None:
        if isinstance(event, VoteCast):
            voter = "guest" if event.guest_link else "member"
            self._votes.add(1, {"outcome": event.outcome.value, "voter": voter})


def unused_events(monitoring: PostgresMonitoring) -> Source:
    async def read() -> Samples:
        counts = await monitoring.log_counts()
        return {PARKED: [Observation(counts.parked_events)], VOID: [Observation(counts.void_events)]}

    return Source("unused-events", (PARKED, VOID), read)


def long_work(board: WorkBoard) -> Source:
    """Rebuilds and rescorings, whichever process does them."""

    async def read() -> Samples:
        works = await board.under_way()
        left = [(work, work.seconds_left) for work in works]
        return {
            WORK_DONE: [Observation(work.done / work.total if work.total else 1.0, _labels(work)) for work in works],
            WORK_LEFT: [Observation(seconds, _labels(work)) for work, seconds in left if seconds is not None],
        }

    return Source("long-work", (WORK_DONE, WORK_LEFT), read)


def _labels(work: WorkProgress) -> dict[str, str]:
    return {"kind": work.kind, "phase": work.phase}
