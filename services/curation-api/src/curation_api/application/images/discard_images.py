"""Originals of rejected or dead images are given up: the decision. The files follow, see `delete_originals`."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.candidate import ImagesDiscarded
from carnival.contracts.ids import CandidateId, RunId
from curation_api.application.known import known_run
from curation_api.application.ledger import Ledger, Proposal, Receipt
from curation_api.application.ports import Candidates, Runs
from curation_api.domain.candidate import known_all
from curation_api.domain.discarding import AT_ONCE_MAX, discard_images
from curation_api.domain.idempotency import Origin


class DiscardImagesHandler:
    def __init__(self, ledger: Ledger, runs: Runs, candidates: Candidates) -> None:
        self._ledger = ledger
        self._runs = runs
        self._candidates = candidates

    async def __call__(
        self, run_id: RunId, named: Sequence[CandidateId] | None, origin: Origin
    ) -> Receipt[ImagesDiscarded]:
        """Those named; for None the oldest 500 of the run that are rejected or dead.

        Raises RunUnknown, CandidateUnknown and what `discard_images` and `Ledger.once` raise.
        """

        async def decide() -> Proposal[ImagesDiscarded] | None:
            await known_run(self._runs, run_id)
            wanted = await self._candidates.discardable(run_id, AT_ONCE_MAX) if named is None else named
            event = discard_images(run_id, known_all(await self._candidates.states(wanted), wanted))
            return None if event is None else Proposal(event)

        return await self._ledger.once(origin, ImagesDiscarded, decide)
