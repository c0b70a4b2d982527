"""Routes about the log itself: pages of it, and a stream of changes (LIVE-1)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from starlette.responses import StreamingResponse

from carnival.contracts.ids import Position, RunId
from curation_api.adapters.http.paging import PositionCursor, Turn
from curation_api.adapters.http.parameters import POSITION_MAX, Id
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.log_page import change_line, log_page
from curation_api.application.views.monitoring import EventView
from curation_api.application.views.page import Page
from curation_api.domain.refusals import (
    TryLater,
)

HEARTBEAT_SECONDS = 15.0
RECONNECT_MILLISECONDS = 1000

After = Annotated[int | None, Query(ge=0, le=POSITION_MAX)]


class StreamsFull(TryLater):
    kind = "streams-full"
    title = "Too many streams at once"


def event_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["events"])

    @router.get(
        "/events",
        summary="The log behind a position",
        dependencies=[Depends(parts.at_least)],
        responses=problem_responses(),
    )
    async def list_events(
        turn: Turn,
        after: After = None,
        cursor: PositionCursor = None,
        run_id: Id | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Page[EventView]:
        """Entries in the order of the log, of one run or of all, with everything that was recorded."""
        behind = Position(max(after or 0, cursor or 0))
        return turn.to(await log_page(parts.log, after=behind, run_id=RunId(run_id) if run_id else None, limit=limit))

    _add_changes(router, parts)
    _ = list_events
    return router


def _add_changes(router: APIRouter, parts: Parts) -> None:
    listeners = 0

    async def stream(after: Position, run_id: str | None) -> AsyncGenerator[str]:
        nonlocal listeners
        listeners += 1
        try:
            yield f"retry: {RECONNECT_MILLISECONDS}\n: from {after}\n\n"
            async with aclosing(parts.changes.listen(after, heartbeat_seconds=HEARTBEAT_SECONDS)) as batches:
                async for batch in batches:
                    shown = change_line(batch, run_id)
                    yield shown or f": at {parts.changes.position}\n\n"
        finally:
            listeners -= 1

    @router.get(
        "/changes",
        summary="Changes as server-sent events, resumable by Last-Event-ID",
        response_class=StreamingResponse,
        responses={
            **problem_responses(StreamsFull),
            200: {
                "content": {"text/event-stream": {}},
                "description": "One event per log entry; its id is the position",
            },
        },
    )
    async def follow_changes(
        after: After = None,
        run_id: Id | None = None,
        last_event_id: Annotated[int | None, Header(ge=0, le=POSITION_MAX)] = None,
    ) -> StreamingResponse:
        """One server-sent event per log entry; its id is the position, so a client resumes where it was."""
        if listeners >= parts.limits.change_streams_max:
            raise StreamsFull("As many streams of changes as this service serves are open")
        start = last_event_id if last_event_id is not None else after
        position = parts.changes.position if start is None else Position(start)
        return StreamingResponse(
            stream(position, run_id), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    _ = follow_changes
