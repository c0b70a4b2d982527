"""Loading what a command names, or refusing the command."""

from __future__ import annotations

from carnival.contracts.ids import CandidateId, RunId
from curation_api.application.ports import Candidates, Runs
from curation_api.domain.candidate import CandidateState
from curation_api.domain.refusals import CandidateUnknown, RunUnknown
from curation_api.domain.run import RunState


async def known_run(runs: Runs, run_id: RunId) -> RunState:
    """Raises RunUnknown."""
    run = await runs.state(run_id)
    if run is None:
        raise RunUnknown(f"There is no run {run_id}")
    return run


async def known_candidate(candidates: Candidates, candidate_id: CandidateId) -> CandidateState:
    """Raises CandidateUnknown."""
    candidate = await candidates.state(candidate_id)
    if candidate is None:
        raise CandidateUnknown(f"There is no candidate {candidate_id}", candidate_id=candidate_id)
    return candidate
