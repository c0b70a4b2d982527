"""The run's one winner is marked (WIN-2)."""

from __future__ import annotations

from carnival.contracts.ids import CandidateId, RunId
from carnival.contracts.run import WinnerChosen
from curation_api.application.known import known_candidate, known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Candidates, Runs
from curation_api.domain.candidate import choose_winner
from curation_api.domain.idempotency import Origin


class ChooseWinnerHandler:
    def __init__(self, ledger: Ledger, runs: Runs, candidates: Candidates) -> None:
        self._ledger = ledger
        self._runs = runs
        self._candidates = candidates

    async def __call__(self, run_id: RunId, candidate_id: CandidateId, origin: Origin) -> Receipt[WinnerChosen]:
        """Raises RunUnknown, CandidateUnknown, CandidateElsewhere, CandidateNotLive and what `Ledger.once` raises."""

        async def decide() -> Proposal[WinnerChosen] | None:
            run = await known_run(self._runs, run_id)
            event = choose_winner(run, await known_candidate(self._candidates, candidate_id))
            return Proposal(event) if event else None

        return await self._ledger.once(origin, WinnerChosen, decide)
