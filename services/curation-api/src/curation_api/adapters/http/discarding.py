"""Giving up originals that nobody needs any more."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from carnival.contracts.ids import CandidateId, RunId
from curation_api.adapters.http.parameters import BATCH_MAX, FromWhere, Identity, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.written import Written, written
from curation_api.application.views.candidate import DiscardsView
from curation_api.domain.image_refusals import CandidateLive
from curation_api.domain.refusals import CandidateElsewhere, CandidateUnknown, RunUnknown


class NamedOriginals(RequestBody):
    """These originals."""

    candidate_ids: list[Identity] = Field(min_length=1, max_length=BATCH_MAX, description="500 at the most.")

    def ids(self) -> list[CandidateId]:
        return [CandidateId(one) for one in self.candidate_ids]


class AllOriginals(RequestBody):
    """The oldest 500 that are rejected or dead. It has to be said: there is no way back."""

    everything: Literal[True]

    def ids(self) -> None:
        return None


def discarding_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/runs", tags=["runs"], dependencies=[Depends(parts.at_least)])
    candidates, discard = parts.readers.candidates, parts.images.discard

    @router.post(
        "/{run_id}/discard-images",
        summary="Discard the originals of rejected or dead images, for good",
        responses=problem_responses(RunUnknown, CandidateUnknown, CandidateElsewhere, CandidateLive),
    )
    async def discard_images(
        run_id: IdPath, body: NamedOriginals | AllOriginals, origin: FromWhere, response: Response
    ) -> Written[DiscardsView]:
        """The files leave the store soon afterwards; thumbnails and all facts stay. There is no way back.

        While `remaining` is not 0, send it again for the next 500.
        """
        receipt = await discard(RunId(run_id), body.ids(), origin)
        return await written(response, receipt, run_id, lambda: candidates.discards(RunId(run_id)))

    _ = discard_images
    return router
