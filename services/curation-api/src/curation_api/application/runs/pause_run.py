"""No new jobs until the run is resumed (RUN-8)."""

from __future__ import annotations

from carnival.contracts.ids import RunId
from carnival.contracts.run import RunPaused
from curation_api.application.known import known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Runs
from curation_api.domain.idempotency import Origin
from curation_api.domain.run import pause_run


class PauseRunHandler:
    def __init__(self, ledger: Ledger, runs: Runs) -> None:
        self._ledger = ledger
        self._runs = runs

    async def __call__(self, run_id: RunId, reason: str, origin: Origin) -> Receipt[RunPaused]:
        """Raises RunUnknown, RunEnded and what `Ledger.once` raises."""

        async def decide() -> Proposal[RunPaused] | None:
            run = await known_run(self._runs, run_id)
            event = pause_run(run, reason)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, RunPaused, decide)
