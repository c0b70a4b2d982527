"""A person resumes a step that failures paused (FAIL-5)."""

from __future__ import annotations

from carnival.contracts.ids import RunId
from carnival.contracts.run import StepResumed
from curation_api.application.known import known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Runs
from curation_api.domain.idempotency import Origin
from curation_api.domain.run import resume_step


class ResumeStepHandler:
    def __init__(self, ledger: Ledger, runs: Runs) -> None:
        self._ledger = ledger
        self._runs = runs

    async def __call__(self, run_id: RunId, step_order: int, origin: Origin) -> Receipt[StepResumed]:
        """Raises RunUnknown, StepUnknown, RunEnded and what `Ledger.once` raises."""

        async def decide() -> Proposal[StepResumed] | None:
            run = await known_run(self._runs, run_id)
            paused = await self._runs.step_paused(run_id, step_order)
            event = resume_step(run, step_order, paused)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, StepResumed, decide)
