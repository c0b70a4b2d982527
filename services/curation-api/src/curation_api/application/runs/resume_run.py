"""A paused run goes on (RUN-8)."""

from __future__ import annotations

from carnival.contracts.ids import RunId
from carnival.contracts.run import RunResumed
from curation_api.application.known import known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Runs
from curation_api.domain.idempotency import Origin
from curation_api.domain.run import resume_run


class ResumeRunHandler:
    def __init__(self, ledger: Ledger, runs: Runs) -> None:
        self._ledger = ledger
        self._runs = runs

    async def __call__(self, run_id: RunId, origin: Origin) -> Receipt[RunResumed]:
        """Raises RunUnknown, RunEnded and what `Ledger.once` raises."""

        async def decide() -> Proposal[RunResumed] | None:
            run = await known_run(self._runs, run_id)
            event = resume_run(run)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, RunResumed, decide)
