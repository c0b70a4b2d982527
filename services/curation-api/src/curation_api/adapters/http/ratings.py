"""Routes about rating systems: what rates, what another system would change, and the projector's long work."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from carnival.contracts.envelope import Event
from carnival.contracts.notices import WorkProgress
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import FromWhere, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.run_bodies import RatingBody
from curation_api.adapters.http.written import Written, written
from curation_api.application.known import known
from curation_api.application.ledger import Receipt
from curation_api.application.views.page import Page
from curation_api.application.views.rating import RatingsView, RescoringSummary, RescoringView
from curation_api.domain.rating_refusals import BadRatingSystem, RescoringSettled, RescoringUnfinished, RescoringUnknown


def rating_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["ratings"], dependencies=[Depends(parts.at_least)])
    _add_queries(router, parts)
    _add_commands(router, parts)
    return router


def _add_queries(router: APIRouter, parts: Parts) -> None:
    rescorings = parts.readers.rescorings

    @router.get("/ratings", summary="What rates now, and which systems there are", responses=problem_responses())
    async def show_ratings() -> RatingsView:
        """The rating system in force, and every system a rescoring may be asked for, with its settings."""
        return await rescorings.in_force()

    @router.get("/rescorings", summary="Rescorings, newest first", responses=problem_responses())
    async def list_rescorings(
        turn: Turn, cursor: PositionCursor = None, limit: Annotated[int, Query(ge=1, le=100), PLAIN_DIGITS] = 20
    ) -> Page[RescoringSummary]:
        """What was asked for, with its state; what each would change is shown with the single one."""
        return turn.to(await rescorings.page(before=cursor, limit=limit))

    @router.get("/rescorings/{rescoring_id}", summary="One rescoring", responses=problem_responses(RescoringUnknown))
    async def show_rescoring(rescoring_id: IdPath) -> RescoringView:
        """How far it is, and when it is computed what it would change: rank correlations, movers, finals."""
        return known(await _view(parts, rescoring_id), RescoringUnknown, f"rescoring {rescoring_id}")

    @router.get("/work", summary="Rebuilds and rescorings under way", responses=problem_responses())
    async def show_work() -> list[WorkProgress]:
        """Long work of the projector with its rate and the time left; what ended is not shown."""
        return await parts.live.work.under_way()

    _ = (show_ratings, list_rescorings, show_rescoring, show_work)


def _add_commands(router: APIRouter, parts: Parts) -> None:
    rescore = parts.rescore

    @router.post(
        "/rescorings",
        summary="Ask for another rating system over all votes",
        status_code=201,
        responses=problem_responses(BadRatingSystem),
    )
    async def request_rescoring(body: RatingBody, origin: FromWhere, response: Response) -> Written[RescoringView]:
        """It is computed beside the ratings in force, which stay as they are until it is promoted."""
        receipt = await rescore.request(body.choice(), origin)
        identity = receipt.event.rescoring_id if receipt.event else ""
        return await _written(parts, response, receipt, identity, created=True)

    @router.post(
        "/rescorings/{rescoring_id}/promote",
        summary="Let this system rate from now on",
        responses=problem_responses(RescoringUnknown, RescoringUnfinished, RescoringSettled),
    )
    async def promote_rescoring(rescoring_id: IdPath, origin: FromWhere, response: Response) -> Written[RescoringView]:
        """All votes ever cast are rated by it, on all pages and in the raffle, except in runs that are pinned."""
        return await _written(parts, response, await rescore.promote(rescoring_id, origin), rescoring_id)

    @router.post(
        "/rescorings/{rescoring_id}/drop",
        summary="Give a rescoring up",
        responses=problem_responses(RescoringUnknown, RescoringSettled),
    )
    async def drop_rescoring(rescoring_id: IdPath, origin: FromWhere, response: Response) -> Written[RescoringView]:
        """Nobody can promote it any more; one that still computes stops."""
        return await _written(parts, response, await rescore.drop(rescoring_id, origin), rescoring_id)

    _ = (request_rescoring, promote_rescoring, drop_rescoring)


async def _view(parts: Parts, rescoring_id: str) -> RescoringView | None:
    found = await parts.readers.rescorings.view(rescoring_id)
    if found is None or found.state != "requested":
        return found
    progress = next((one for one in await parts.live.work.under_way() if one.id == rescoring_id), None)
    return found.model_copy(update={"progress": progress})


async def _written(
    parts: Parts, response: Response, receipt: Receipt[Event], rescoring_id: str, *, created: bool = False
) -> Written[RescoringView]:
    return await written(response, receipt, rescoring_id, lambda: _view(parts, rescoring_id), created=created)
