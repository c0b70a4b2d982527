"""The run's winner is marked, or the mark removed (WIN-2)."""

from __future__ import annotations

from carnival.contracts.ids import CandidateId, RunId
from carnival.contracts.run import WinnerChosen, WinnerCleared
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Candidates, Runs
from curation_api.domain.candidate import choose_winner, clear_winner
from curation_api.domain.idempotency import Origin
from curation_api.domain.refusals import CandidateUnknown, RunUnknown
from curation_api.domain.run import RunState


class MarkWinnerHandler:
    """Every method raises RunUnknown and what `Ledger.once` raises."""

    def __init__(self, ledger: Ledger, runs: Runs, candidates: Candidates) -> None:
        self._ledger = ledger
        self._runs = runs
        self._candidates = candidates

    async def choose(self, run_id: RunId, candidate_id: CandidateId, origin: Origin) -> Receipt[WinnerChosen]:
        """Raises CandidateUnknown, CandidateElsewhere, CandidateNotLive too."""

        async def decide() -> Proposal[WinnerChosen] | None:
            run = await self._known(run_id)
            candidate = await self._candidates.state(candidate_id)
            if candidate is None:
                raise CandidateUnknown(f"There is no candidate {candidate_id}", candidate_id=candidate_id)
            event = choose_winner(run, candidate)
            return Proposal(event) if event else None

        return await self._ledger.once(origin, WinnerChosen, decide)

    async def clear(self, run_id: RunId, origin: Origin) -> Receipt[WinnerCleared]:
        async def decide() -> Proposal[WinnerCleared] | None:
            event = clear_winner(await self._known(run_id))
            return Proposal(event) if event else None

        return await self._ledger.once(origin, WinnerCleared, decide)

    async def _known(self, run_id: RunId) -> RunState:
        run = await self._runs.state(run_id)
        if run is None:
            raise RunUnknown(f"There is no run {run_id}")
        return run
