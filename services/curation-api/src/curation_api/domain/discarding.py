"""Which originals may leave the store (DISC)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from carnival.contracts.candidate import ImagesDiscarded
from carnival.contracts.ids import CandidateId, RunId
from curation_api.domain.candidate import CandidateState
from curation_api.domain.image_refusals import CandidateLive
from curation_api.domain.refusals import CandidateElsewhere

AT_ONCE_MAX: Final = 500
"""Images of one command; more are left for the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """An image whose original is still there, and since when it is rejected or dead."""

    candidate_id: CandidateId
    run_id: RunId
    down_since: datetime


def discard_images(run_id: RunId, candidates: Sequence[CandidateState]) -> ImagesDiscarded | None:
    """The originals of these candidates given up for good; None if all of them were before.

    Raises CandidateElsewhere and CandidateLive naming all that are in the way.
    """
    if elsewhere := [one.candidate_id for one in candidates if one.run_id != run_id]:
        raise CandidateElsewhere("The images belong to another run", candidate_ids=list(elsewhere))
    if live := [one.candidate_id for one in candidates if one.live]:
        raise CandidateLive("The original of a live image is needed", candidate_ids=list(live))
    leaving = tuple(one.candidate_id for one in candidates if not one.discarded)
    return ImagesDiscarded(run_id=run_id, candidate_ids=leaving) if leaving else None
