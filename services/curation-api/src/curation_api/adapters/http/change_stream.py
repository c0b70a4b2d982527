"""The log as it grows, as a stream of server-sent events (LIVE-1), and beside it what is too short-lived for a log."""

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
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.listening import Listening
from curation_api.adapters.notices import NoticeFilter, NoticeKind
from curation_api.domain.refusals import PositionAhead, TryLater

HEARTBEAT_SECONDS = 15.0
RECONNECT_MILLISECONDS = 1000

LAG_SECONDS_MAX = 2.0
"""So long a server of a cluster may not know yet what another one has acknowledged."""
FILTERED_MAX = 100

RunIds = Annotated[
    list[Identity] | None,
    Query(max_length=FILTERED_MAX, description="Changes of these runs only; may be given several times."),
]
EventTypes = Annotated[
    list[Annotated[str, StringConstraints(pattern="^[A-Za-z]{1,64}$")]] | None,
    Query(
        alias="type",
        max_length=FILTERED_MAX,
        description=(
            "Changes of these types only, such as VoteCast; may be given several times. The names are those that"
            " `list_events` takes; one that this hub does not know is no error and matches nothing."
        ),
        examples=[["VoteCast", "ImageProduced"]],
    ),
]
Notices = Annotated[
    list[NoticeKind] | None,
    Query(
        alias="notice",
        max_length=len(NoticeKind),
        description="Also short-lived messages of this kind, in events of its name; may be given several times.",
        examples=[["progress", "fleet"]],
    ),
]


class StreamsFull(TryLater):
    kind = "streams-full"
    title = "Too many streams at once"


def opening(after: Position) -> bytes:
    """What a stream begins with."""
    return f"retry: {RECONNECT_MILLISECONDS}\n: from {after}\n\n".encode()


def change_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["events"])
    _add_changes(router, parts)
    return router


class _Stream(StreamingResponse):
    """A listener that takes nothing for a minute is cut off (`connection.py`) and comes back with its position."""

    media_type = "text/event-stream"


def _add_changes(router: APIRouter, parts: Parts) -> None:
    listeners = 0
    listening = Listening(parts.live.changes, parts.live.notices, HEARTBEAT_SECONDS)

    async def stream(after: Position, wanted: ChangeFilter, notices: NoticeFilter) -> AsyncGenerator[bytes]:
        nonlocal listeners
        listeners += 1
        try:
            yield opening(after)
            async with aclosing(listening(after, wanted, notices)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            listeners -= 1

    async def reached(position: Position) -> Position:
        """Raises PositionAhead: who waited there would hear nothing, and later what is not what it has missed."""
        if not await parts.live.changes.reaches(position, LAG_SECONDS_MAX):
            raise PositionAhead(
                f"The log has not come to position {position}; read anew, and listen without a position"
            )
        return position

    @router.get(
        "/changes",
        summary="Changes as server-sent events, resumable by Last-Event-ID",
        response_class=_Stream,
        responses=problem_responses(StreamsFull, PositionAhead),
    )
    async def follow_changes(
        after: After = None,
        run_id: RunIds = None,
        event_type: EventTypes = None,
        notice: Notices = None,
        last_event_id: Annotated[int | None, Header(alias="Last-Event-ID", ge=0, le=POSITION_MAX), PLAIN_DIGITS] = None,
    ) -> StreamingResponse:
        """One server-sent event per log entry, in the order of the log, none missed and none twice.

        Its id is the position: who comes back with `Last-Event-ID`, however late, goes on exactly there, from the log
        itself if need be. It counts before `after`; without both the stream begins now. Read what interests you with
        `at-least` of that position. Heartbeats move the id on where filters leave everything out. Behind a position
        that the log has not reached (that of another hub, or of a log that was restored from an older backup) nothing
        begins: 409.

        With `notice` come short-lived messages that stand in no log: from now on, nothing is repeated, and who is slow
        gets the newest of each job and server only. `run_id` holds for progress as well, `type` for changes only.
        """
        if listeners >= parts.limits.change_streams_max:
            raise StreamsFull("As many streams of changes as this service serves are open")
        start = last_event_id if last_event_id is not None else after
        position = await parts.log.end() if start is None else await reached(Position(start))
        wanted = ChangeFilter(_set(run_id), _set(event_type))
        notices = NoticeFilter(frozenset(notice or ()), _set(run_id))
        return _Stream(stream(position, wanted, notices), headers={"Cache-Control": "no-store"})

    _ = follow_changes


def _set(given: list[str] | None) -> frozenset[str] | None:
    return frozenset(given) if given else None
