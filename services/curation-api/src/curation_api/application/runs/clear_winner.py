"""The winner's mark is removed (WIN-2)."""

from __future__ import annotations

from carnival.contracts.ids import RunId
from carnival.contracts.run import WinnerCleared
from curation_api.application.known import known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Runs
from curation_api.domain.candidate import clear_winner
from curation_api.domain.idempotency import Origin


class ClearWinnerHandler:
    def __init__(self, ledger: Ledger, runs: Runs) -> None:
        self._ledger = ledger
        self._runs = runs

    async def __call__(self, run_id: RunId, origin: Origin) -> Receipt[WinnerCleared]:
        """Raises RunUnknown and what `Ledger.once` raises."""

        async def decide() -> Proposal[WinnerCleared] | None:
            run = await known_run(self._runs, run_id)
            event = clear_winner(run)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, WinnerCleared, decide)
