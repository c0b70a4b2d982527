"""The log as it grows, as a stream of server-sent events (LIVE-1)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Header, Query
from pydantic import StringConstraints
from starlette.responses import StreamingResponse

from carnival.contracts.ids import Position
from curation_api.adapters.changes import ChangeFilter
from curation_api.adapters.http.parameters import POSITION_MAX, After, Identity
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.domain.refusals import (
    TryLater,
)

HEARTBEAT_SECONDS = 15.0
RECONNECT_MILLISECONDS = 1000

FILTERED_MAX = 100
EXAMPLE = 'id: 4711\nevent: change\ndata: {"position":4711,"type":"VoteCast","run_id":"4f1c7a0b"}\n\n'

RunIds = Annotated[
    list[Identity] | None,
    Query(max_length=FILTERED_MAX, description="Changes of these runs only; may be given several times."),
]
EventTypes = Annotated[
    list[Annotated[str, StringConstraints(pattern="^[A-Za-z]{1,64}$")]] | None,
    Query(
        alias="type",
        max_length=FILTERED_MAX,
        description="Changes of these types only, such as VoteCast; may be given several times.",
        examples=[["VoteCast", "ImageProduced"]],
    ),
]


class StreamsFull(TryLater):
    kind = "streams-full"
    title = "Too many streams at once"


def change_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["events"])
    _add_changes(router, parts)
    return router


class _Stream(StreamingResponse):
    """A listener that takes nothing for a minute is cut off (`connection.py`) and comes back with its position."""

    media_type = "text/event-stream"


def _add_changes(router: APIRouter, parts: Parts) -> None:
    listeners = 0

    async def stream(after: Position, wanted: ChangeFilter) -> AsyncGenerator[str]:
        nonlocal listeners
        listeners += 1
        try:
            yield f"retry: {RECONNECT_MILLISECONDS}\n: from {after}\n\n"
            listening = parts.live.changes.listen(after, heartbeat_seconds=HEARTBEAT_SECONDS, wanted=wanted)
            async with aclosing(listening) as batches:
                async for sent in batches:
                    yield sent.text or f": heartbeat\nid: {sent.position}\n\n"
        finally:
            listeners -= 1

    @router.get(
        "/changes",
        summary="Changes as server-sent events, resumable by Last-Event-ID",
        response_class=_Stream,
        responses={
            **problem_responses(StreamsFull),
            200: {
                "content": {"text/event-stream": {"example": EXAMPLE}},
                "description": "One event `change` per log entry; its id is the position",
            },
        },
    )
    async def follow_changes(
        after: After = None,
        run_id: RunIds = None,
        event_type: EventTypes = None,
        last_event_id: Annotated[int | None, Header(ge=0, le=POSITION_MAX)] = None,
    ) -> StreamingResponse:
        """One server-sent event per log entry, in the order of the log, none missed and none twice.

        Its id is the position: who comes back with `Last-Event-ID`, however late, goes on exactly there, from the log
        itself if need be. Without it and without `after` the stream begins now. Read what interests you with `at-least`
        of that position. Heartbeats move the id on where filters leave everything out.
        """
        if listeners >= parts.limits.change_streams_max:
            raise StreamsFull("As many streams of changes as this service serves are open")
        start = last_event_id if last_event_id is not None else after
        position = await parts.log.end() if start is None else Position(start)
        wanted = ChangeFilter(_set(run_id), _set(event_type))
        return _Stream(stream(position, wanted), headers={"Cache-Control": "no-store"})

    _ = follow_changes


def _set(given: list[str] | None) -> frozenset[str] | None:
    return frozenset(given) if given else None
