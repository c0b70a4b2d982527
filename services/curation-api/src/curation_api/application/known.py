"""What a request names, or the refusal that there is nothing of that name."""

from __future__ import annotations

from typing import TypeVar

from carnival.contracts.ids import CandidateId, RunId
from curation_api.application.ports import Candidates, Runs
from curation_api.domain.candidate import CandidateState
from curation_api.domain.refusals import CandidateUnknown, Fact, Missing, RunUnknown
from curation_api.domain.run import RunState

T = TypeVar("T")


def known(found: T | None, unknown: type[Missing], what: str, **facts: Fact) -> T:
    """`found`, or `unknown` raised: there is no `what`, such as `run 4f1c`."""
    if found is None:
        raise unknown(f"There is no {what}", **facts)
    return found


async def known_run(runs: Runs, run_id: RunId) -> RunState:
    """Raises RunUnknown."""
    return known(await runs.state(run_id), RunUnknown, f"run {run_id}")


async def known_candidate(candidates: Candidates, candidate_id: CandidateId) -> CandidateState:
    """Raises CandidateUnknown."""
    found = await candidates.state(candidate_id)
    return known(found, CandidateUnknown, f"candidate {candidate_id}", candidate_id=candidate_id)


def pipeline_named(pipeline_id: str, version: int | None) -> str:
    """How a pipeline, or one version of it, is called in a refusal."""
    return f"pipeline {pipeline_id}" + (f" of version {version}" if version else "")
