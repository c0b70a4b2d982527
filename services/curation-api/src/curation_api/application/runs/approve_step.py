"""A gate is opened (GATE-3, GATE-8)."""

from __future__ import annotations

from carnival.contracts.ids import RunId
from carnival.contracts.run import StepApproved
from curation_api.application.known import known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Runs
from curation_api.domain.gate import approve_step
from curation_api.domain.idempotency import Origin


class ApproveStepHandler:
    def __init__(self, ledger: Ledger, runs: Runs) -> None:
        self._ledger = ledger
        self._runs = runs

    async def __call__(self, run_id: RunId, step_order: int, k: int, origin: Origin) -> Receipt[StepApproved]:
        """Raises RunUnknown, StepUnknown, NotGated, RunEnded, FinalStep, AlreadyApproved and what `Ledger.once`
        raises."""

        async def decide() -> Proposal[StepApproved]:
            run = await known_run(self._runs, run_id)
            gate = await self._runs.gate(run_id, step_order)
            return Proposal(approve_step(run, gate, step_order, k))

        return await self._ledger.once(origin, StepApproved, decide)
