"""The policy: originals of images that have been rejected or dead for long enough are discarded by themselves."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Final

from carnival.contracts.ids import EventId, derived_id
from curation_api.application.images.discard_images import DiscardImagesHandler
from curation_api.application.ports import Candidates, Clock
from curation_api.domain.discarding import AT_ONCE_MAX, Fallen
from curation_api.domain.idempotency import Origin

ACTOR: Final = "discard-policy"


class DiscardByAge:
    """`days` is how long an image must have been down. Restoring it starts the time anew."""

    def __init__(self, discard: DiscardImagesHandler, candidates: Candidates, now: Clock, days: float) -> None:
        self._discard = discard
        self._candidates = candidates
        self._now = now
        self._age = timedelta(days=days)

    async def __call__(self) -> bool:
        """Discard the oldest 500 that are due; whether there may be more. Raises as `DiscardImagesHandler`."""
        fallen = await self._candidates.down_before(self._now() - self._age, AT_ONCE_MAX)
        by_run = sorted(fallen, key=lambda one: one.run_id)
        for run_id, group in groupby(by_run, key=lambda one: one.run_id):
            due = list(group)
            await self._discard(run_id, [one.candidate_id for one in due], _origin(due))
        return len(fallen) == AT_ONCE_MAX


def _origin(due: list[Fallen]) -> Origin:
    """Several processes that look at once say the same, and it counts once."""
    parts = [part for one in due for part in (one.candidate_id, one.down_since.isoformat())]
    identity = derived_id("discard", *parts)
    return Origin(actor=ACTOR, event_id=EventId(identity), command_id=identity, keyed=False)
