"""Routes about pairs: what to vote on next, and where the view goes after a kill."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from carnival.contracts.ids import CandidateId, RunId
from curation_api.adapters.http.parameters import ID, IdPath, Voter
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.application.views.vote import NextPair, PairView, WalkView
from curation_api.domain.kill_walk import WalkStep
from curation_api.domain.pairing import Pair
from curation_api.domain.refusals import BadText, CandidateElsewhere, CandidateUnknown, RunUnknown

SKIPPED_MAX = 100

_SKIPPED = re.compile(r"([A-Za-z0-9_-]{1,64})[:,]([A-Za-z0-9_-]{1,64})")

SkippedPairs = Annotated[
    list[str] | None,
    Query(
        max_length=SKIPPED_MAX,
        description="Skipped pairs as left:right, the newest last. Those that were sent as votes are known.",
    ),
]


def pair_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["votes"], dependencies=[Depends(parts.at_least)])

    @router.get(
        "/runs/{run_id}/next-pair",
        summary="The pair to vote on next, or null when all are done",
        responses=problem_responses(RunUnknown, BadText),
    )
    async def next_pair(
        run_id: IdPath,
        voter: Voter,
        skip: SkippedPairs = None,
    ) -> NextPair:
        """From the highest step with an open pair, one of those with the fewest votes. Sides are drawn by chance."""
        offered = await parts.votes.offer_pair(RunId(run_id), voter, named_pairs(skip))
        pair = offered and await _pair_view(
            parts,
            step=(offered.offer.step_order, offered.step_name),
            sides=(offered.offer.left_id, offered.offer.right_id),
            open_pairs=offered.open_pairs,
        )
        return NextPair(pair=pair, gallery=f"/api/runs/{run_id}/gallery", leaders=f"/api/runs/{run_id}/leaders")

    @router.get(
        "/runs/{run_id}/kill-walk",
        summary="After a kill: the parent beside a partner, or null and why",
        responses=problem_responses(CandidateUnknown, CandidateElsewhere),
    )
    async def kill_walk(
        run_id: IdPath,
        candidate: Annotated[str, Query(pattern=ID, description="The killed image.")],
        voter: Voter,
    ) -> WalkView:
        """After a kill the view moves left: the killed image's parent is shown beside another of its column.

        Only a look, at an image that was rejected by whatever command; nothing is killed or remembered. To kill and go
        on leftwards step by step, with an undo of the whole, use `start_walk`, and `show_walk` to see where it is.
        """
        step = await parts.candidates.walk_left(RunId(run_id), CandidateId(candidate), voter)
        if not isinstance(step, WalkStep):
            return WalkView(pair=None, end=step)
        pair = await walk_pair(parts, RunId(run_id), step)
        return WalkView(pair=pair, parent_id=step.parent_id)

    _ = (next_pair, kill_walk)
    return router


async def walk_pair(parts: Parts, run_id: RunId, step: WalkStep) -> PairView | None:
    """The parent on the left, its partner on the right, the step named."""
    parent = await parts.readers.candidates.state(step.parent_id)
    order = parent.step_order if parent else 0
    name = await step_name(parts, run_id, order)
    return await _pair_view(parts, step=(order, name), sides=(step.parent_id, step.partner_id), voting=step.voting)


async def step_name(parts: Parts, run_id: RunId, order: int) -> str:
    columns = await parts.readers.runs.columns([run_id])
    return next((column.name for column in columns if column.step_order == order), "")


async def _pair_view(
    parts: Parts,
    *,
    step: tuple[int, str],
    sides: tuple[CandidateId, CandidateId],
    voting: bool = True,
    open_pairs: int | None = None,
) -> PairView | None:
    found = await parts.readers.candidates.sides(*sides)
    if found is None:
        return None
    left, right = found
    return PairView(step_order=step[0], step_name=step[1], left=left, right=right, voting=voting, open_pairs=open_pairs)


def named_pairs(skipped: SkippedPairs) -> list[Pair]:
    """Raises BadText for what names no pair."""
    return [_pair(text) for text in skipped or ()]


def _pair(text: str) -> Pair:
    found = _SKIPPED.fullmatch(text)
    if found is None:
        raise BadText("A skipped pair is written as two candidate ids with a colon between them")
    return frozenset((CandidateId(found[1]), CandidateId(found[2])))
