"""Routes that show a run as it was."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from carnival.contracts.envelope import Event
from carnival.contracts.ids import Position, RunId
from carnival.contracts.what_if import WhatIf
from curation_api.adapters.http.instants import Instant
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import POSITION_MAX, FromWhere, IdPath
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.run_bodies import ForkBody, WhatIfBody
from curation_api.adapters.http.written import Written, written
from curation_api.application.ledger import Receipt
from curation_api.application.replay.look_back import Moment
from curation_api.application.views.candidate import TreeNode
from curation_api.application.views.page import Page
from curation_api.application.views.past import RunAtView
from curation_api.application.views.run import RunView
from curation_api.domain.pipeline_refusals import BadVariable, MissingVariable
from curation_api.domain.rating_refusals import BadRatingSystem
from curation_api.domain.refusals import BadFolder, BadText, ProjectionBehind, RunUnknown, SelectorSilent
from curation_api.domain.replay_refusals import (
    BadMoment,
    HistoryLong,
    ManyDecisions,
    ProjectorSilent,
    RunNotBegun,
    SelectorBusy,
)


async def moment(
    position: Annotated[
        int | None, Query(ge=0, le=POSITION_MAX, description="The moment as a position of the log."), PLAIN_DIGITS
    ] = None,
    time: Annotated[
        Instant | None, Query(description="The moment as a time: what had happened by then. Instead of position.")
    ] = None,
) -> Moment:
    """The moment that a request names."""
    return Moment(position=None if position is None else Position(position), time=time)


NamedMoment = Annotated[Moment, Depends(moment)]
UNSHOWN = (RunUnknown, RunNotBegun, BadMoment, ProjectionBehind, HistoryLong, ProjectorSilent)


def past_routes(parts: Parts) -> APIRouter:
    """The time machine. Each answer is folded from the log; looks at one run that go forward are quick."""
    router = APIRouter(prefix="/api/runs", tags=["replay"], dependencies=[Depends(parts.at_least)])
    look_back = parts.replay.look_back

    @router.get("/{run_id}/at", summary="A run as it was", responses=problem_responses(*UNSHOWN))
    async def show_run_at(run_id: IdPath, moment: NamedMoment) -> RunAtView:
        """The run at a position of the log or at a time: figures, tree, ratings and open jobs, as they were shown then.

        Equal to what the live answers said when the read model stood at that position.
        """
        return await look_back.run(RunId(run_id), moment)

    @router.get("/{run_id}/at/tree", summary="A run's tree as it was", responses=problem_responses(*UNSHOWN))
    async def show_tree_at(
        run_id: IdPath,
        moment: NamedMoment,
        turn: Turn,
        cursor: PositionCursor = None,
        limit: Annotated[int, Query(ge=1, le=5000), PLAIN_DIGITS] = 1000,
    ) -> Page[TreeNode]:
        """As the tree of now, in pages: parents before children, by creation."""
        return turn.to(await look_back.tree(RunId(run_id), moment, after=Position(cursor or 0), limit=limit))

    _ = (show_run_at, show_tree_at)
    _add_fork(router, parts)
    _add_what_if(router, parts)
    return router


def _add_fork(router: APIRouter, parts: Parts) -> None:
    fork, show = parts.replay.fork, parts.runs.show

    @router.post(
        "/{run_id}/fork",
        summary="A new run from a moment of this one",
        status_code=201,
        responses=problem_responses(*UNSHOWN, BadText, BadFolder, BadVariable, MissingVariable, BadRatingSystem),
    )
    async def fork_run(run_id: IdPath, body: ForkBody, origin: FromWhere, response: Response) -> Written[RunView]:
        """The new run begins with the images, votes, approvals and the winner of that moment, and goes its own way.

        Images are shared, not copied. Settings are those of that moment but for what the body names.
        """
        receipt = await fork(RunId(run_id), body.moment(), body.command(), origin)
        made = fork.run_id_of(origin)
        told: Receipt[Event] = Receipt(
            position=receipt.position, event=None, projected=receipt.projected, replayed=receipt.replayed
        )
        return await written(response, told, made, lambda: show.one(made), created=True)

    _ = fork_run


def _add_what_if(router: APIRouter, parts: Parts) -> None:
    what_if = parts.replay.what_if

    @router.post(
        "/{run_id}/what-if",
        summary="A run's history decided again",
        responses=problem_responses(*UNSHOWN, BadRatingSystem, SelectorSilent, SelectorBusy, ManyDecisions),
    )
    async def ask_what_if(run_id: IdPath, body: WhatIfBody) -> WhatIf:
        """Which jobs would not have been asked for with other settings, which finals would rank differently, and the
        rendering that this would have saved. A question: nothing changes.
        """
        return await what_if(RunId(run_id), body.altered(), None if body.position is None else Position(body.position))

    _ = ask_what_if
