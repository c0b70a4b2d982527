"""New settings of a run (RUN-7)."""

from __future__ import annotations

from carnival.contracts.ids import RunId
from carnival.contracts.run import RunChanged
from curation_api.application.known import known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Runs
from curation_api.domain.idempotency import Origin
from curation_api.domain.run import ChangeRun, change_run


class ChangeRunHandler:
    def __init__(self, ledger: Ledger, runs: Runs) -> None:
        self._ledger = ledger
        self._runs = runs

    async def __call__(self, run_id: RunId, command: ChangeRun, origin: Origin) -> Receipt[RunChanged]:
        """Raises RunUnknown, NothingToChange, BadText, RunEnded and what `Ledger.once` raises."""

        async def decide() -> Proposal[RunChanged] | None:
            run = await known_run(self._runs, run_id)
            event = change_run(run, command)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, RunChanged, decide)
