"""Routes about the log itself: pages of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from carnival.contracts.access import Role
from carnival.contracts.catalogue import CATALOGUE
from carnival.contracts.ids import CandidateId, JobId, Position, RunId
from curation_api.adapters.http.paging import Turn
from curation_api.adapters.http.parameters import POSITION_MAX, Id, IdPath, Sender
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.texts import Line
from curation_api.adapters.log_page import LogFilter, event_view, log_page
from curation_api.adapters.read_model.candidates import Origin
from curation_api.application.known import known, known_run
from curation_api.application.views.monitoring import EventView
from curation_api.application.views.page import Page
from curation_api.domain.access.principals import Member
from curation_api.domain.refusals import CandidateUnknown, EventUnknown, JobUnknown, RunUnknown


def _known(name: str) -> str:
    if name not in CATALOGUE:
        raise ValueError(f"is no type of event; there are {', '.join(sorted(CATALOGUE))}")
    return name


EventType = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": sorted(CATALOGUE)})]


class EntriesQuery(BaseModel):
    """What is looked for in the log."""

    after: int | None = Field(default=None, ge=0, le=POSITION_MAX)
    type: list[EventType] | None = Field(default=None, description="Events of these types only; several may be given.")
    text: Line | None = Field(default=None, description="Looked for in the whole entry, whatever its case.")

    @property
    def start(self) -> Position:
        return Position(self.after or 0)

    def within(self, run_id: RunId | None, sender: Member, names: Sequence[str] = ()) -> LogFilter:
        """What is wanted of a run, or of all, and may be shown to `sender`; with `names`, what has one of them."""
        return LogFilter(
            run_id=run_id,
            kinds=[CATALOGUE[kind] for kind in dict.fromkeys(self.type or ())],
            names=names,
            text=self.text or "",
            confidential=sender.role is Role.OPERATOR,
        )


class EventQuery(EntriesQuery):
    """The same, page by page."""

    cursor: int | None = Field(default=None, ge=0, le=POSITION_MAX)
    limit: int = Field(default=100, ge=1, le=500)

    @property
    def start(self) -> Position:
        return Position(max(self.after or 0, self.cursor or 0))


Asked = Annotated[EventQuery, Query()]


def event_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["events"])
    _add_log(router, parts)
    _add_stories(router, parts)
    return router


def _add_log(router: APIRouter, parts: Parts) -> None:
    at_least = [Depends(parts.at_least)]

    @router.get("/events", summary="The log behind a position", dependencies=at_least, responses=problem_responses())
    async def list_events(turn: Turn, sender: Sender, query: Asked, run_id: Id | None = None) -> Page[EventView]:
        """Entries in the order of the log, of one run or of all, with everything that was recorded."""
        wanted = query.within(RunId(run_id) if run_id else None, sender)
        return turn.to(await log_page(parts.log, wanted, after=query.start, limit=query.limit))

    @router.get(
        "/events/{position}", summary="One event", dependencies=at_least, responses=problem_responses(EventUnknown)
    )
    async def show_event(
        position: Annotated[int, Path(ge=1, le=POSITION_MAX), PLAIN_DIGITS], sender: Sender
    ) -> EventView:
        """The entry at a position, with everything that was recorded."""
        entry = await parts.log.at(Position(position))
        if entry is None:
            raise EventUnknown(f"The log has no position {position}")
        return event_view(entry, confidential=sender.role is Role.OPERATOR)

    @router.get(
        "/runs/{run_id}/events",
        summary="The log of a run",
        dependencies=at_least,
        responses=problem_responses(RunUnknown),
    )
    async def list_run_events(run_id: IdPath, turn: Turn, sender: Sender, query: Asked) -> Page[EventView]:
        """In the order of the log. A page of a search may be short, or empty, and still name a next one."""
        run = await known_run(parts.readers.runs, RunId(run_id))
        wanted = query.within(run.run_id, sender)
        return turn.to(await log_page(parts.log, wanted, after=query.start, limit=query.limit))

    _ = (list_events, show_event, list_run_events)


def _add_stories(router: APIRouter, parts: Parts) -> None:
    """The events of one image or one job: the search begins where its job was asked for."""
    at_least = [Depends(parts.at_least)]

    async def story(origin: Origin, names: list[str], query: EventQuery, sender: Member) -> Page[EventView]:
        wanted = query.within(origin.run_id, sender, names)
        start = Position(max(query.start, origin.position - 1))
        return await log_page(parts.log, wanted, after=start, limit=query.limit)

    @router.get(
        "/candidates/{candidate_id}/events",
        summary="Everything that happened to an image",
        dependencies=at_least,
        responses=problem_responses(CandidateUnknown),
    )
    async def list_candidate_events(candidate_id: IdPath, turn: Turn, sender: Sender, query: Asked) -> Page[EventView]:
        """Every entry that names an image, from the request of its job on."""
        found = await parts.readers.candidates.origin_of(CandidateId(candidate_id))
        origin = known(found, CandidateUnknown, f"candidate {candidate_id}")
        return turn.to(await story(origin, [candidate_id, origin.job_id], query, sender))

    @router.get(
        "/jobs/{job_id}/events",
        summary="Everything that happened to a job",
        dependencies=at_least,
        responses=problem_responses(JobUnknown),
    )
    async def list_job_events(job_id: IdPath, turn: Turn, sender: Sender, query: Asked) -> Page[EventView]:
        """Every entry that names a job, from its request on."""
        origin = known(await parts.readers.runs.origin_of_job(JobId(job_id)), JobUnknown, f"job {job_id}")
        return turn.to(await story(origin, [job_id], query, sender))

    _ = (list_candidate_events, list_job_events)
