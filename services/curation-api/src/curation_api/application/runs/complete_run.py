"""A person ends a run for good (RUN-5)."""

from __future__ import annotations

from carnival.contracts.ids import RunId
from carnival.contracts.run import RunCompleted
from curation_api.application.known import known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Runs
from curation_api.domain.idempotency import Origin
from curation_api.domain.run import complete_run


class CompleteRunHandler:
    def __init__(self, ledger: Ledger, runs: Runs) -> None:
        self._ledger = ledger
        self._runs = runs

    async def __call__(self, run_id: RunId, origin: Origin) -> Receipt[RunCompleted]:
        """Raises RunUnknown and what `Ledger.once` raises."""

        async def decide() -> Proposal[RunCompleted] | None:
            run = await known_run(self._runs, run_id)
            event = complete_run(run)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, RunCompleted, decide)
