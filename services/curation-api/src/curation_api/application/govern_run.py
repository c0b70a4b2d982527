"""What people do to a run as a whole: change, pause, resume, complete it (RUN-5, RUN-7, RUN-8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from carnival.contracts.envelope import Event
from carnival.contracts.ids import RunId
from carnival.contracts.run import RunChanged, RunCompleted, RunPaused, RunResumed, StepResumed
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Runs
from curation_api.domain.idempotency import Origin
from curation_api.domain.refusals import RunUnknown
from curation_api.domain.run import (
    ChangeRun,
    RunState,
    change_run,
    complete_run,
    pause_run,
    resume_run,
    resume_step,
)

E = TypeVar("E", bound=Event)


class GovernRunHandler:
    """Every method raises RunUnknown and what `Ledger.once` raises."""

    def __init__(self, ledger: Ledger, runs: Runs) -> None:
        self._ledger = ledger
        self._runs = runs

    async def change(self, run_id: RunId, command: ChangeRun, origin: Origin) -> Receipt[RunChanged]:
        """Raises NothingToChange, BadText, RunEnded too."""
        return await self._govern(run_id, origin, RunChanged, lambda run: change_run(run, command))

    async def pause(self, run_id: RunId, reason: str, origin: Origin) -> Receipt[RunPaused]:
        """Raises RunEnded too."""
        return await self._govern(run_id, origin, RunPaused, lambda run: pause_run(run, reason))

    async def resume(self, run_id: RunId, origin: Origin) -> Receipt[RunResumed]:
        """Raises RunEnded too."""
        return await self._govern(run_id, origin, RunResumed, resume_run)

    async def complete(self, run_id: RunId, origin: Origin) -> Receipt[RunCompleted]:
        return await self._govern(run_id, origin, RunCompleted, complete_run)

    async def resume_step(self, run_id: RunId, step_order: int, origin: Origin) -> Receipt[StepResumed]:
        """FAIL-5: a person resumes what failures paused. Raises StepUnknown, RunEnded too."""
        paused = await self._runs.step_paused(run_id, step_order)
        return await self._govern(run_id, origin, StepResumed, lambda run: resume_step(run, step_order, paused))

    async def _govern(
        self, run_id: RunId, origin: Origin, kind: type[E], decision: Callable[[RunState], E | None]
    ) -> Receipt[E]:
        async def decide() -> Proposal[E] | None:
            run = await self._runs.state(run_id)
            if run is None:
                raise RunUnknown(f"There is no run {run_id}")
            event = decision(run)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, kind, decide)
