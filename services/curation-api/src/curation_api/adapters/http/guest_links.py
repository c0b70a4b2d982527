"""Routes with which curators invite guests, and decide what their votes count."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from carnival.contracts.ids import GuestLinkId, RunId
from curation_api.adapters.http.instants import Instant
from curation_api.adapters.http.parameters import ID, FromWhere, IdPath
from curation_api.adapters.http.parts import Access, Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.texts import Name
from curation_api.adapters.http.written import Written, written
from curation_api.application.known import known_run
from curation_api.application.views.guests import GuestLinkView, RunGuests
from curation_api.application.votes.merge_guest_votes import WhoseVotes
from curation_api.domain.access.guests import InviteGuests
from curation_api.domain.access.refusals import GuestLinkUnknown
from curation_api.domain.access.register import GuestLink
from curation_api.domain.refusals import ExpiryPast, RunUnknown

DAYS: float = 7
GUEST_PLACE = "guest"
"""Where the web UI lets guests in."""


class GuestLinkBody(RequestBody):
    run_id: str = Field(pattern=ID, description="The run they vote on, the only thing they see of this hub.")
    label: Annotated[str, Field(max_length=100, pattern="^[^\\u0000]*$")] = Field(
        default="", description="Whom the link is for.", examples=["friends"]
    )
    expires_at: Instant | None = Field(default=None, description="In 7 days if absent.")

    def command(self, now: datetime) -> InviteGuests:
        expires_at = self.expires_at or now + timedelta(days=DAYS)
        return InviteGuests(run_id=RunId(self.run_id), label=self.label, expires_at=expires_at)


class GuestLinkIssuedView(Written[GuestLinkView]):
    """The answer to a link's issue: the only one that ever holds the link."""

    url: str | None = Field(
        description="The link. Null if it was issued before under another service key.",
        examples=["http://127.0.0.1:8000/guest#link=tl_x"],
    )


class WhoseBody(RequestBody):
    """Whose votes: of one guest, of the guests of one link, or of all guests of the run."""

    guest: Name | None = Field(default=None, description="The guest's name.", examples=["guest:5f2a90c1d3e4"])
    link_id: str | None = Field(default=None, pattern=ID)

    def of(self, run_id: str) -> WhoseVotes:
        link_id = GuestLinkId(self.link_id) if self.link_id else None
        return WhoseVotes(run_id=RunId(run_id), guest_link=link_id, voter=self.guest)


def guest_link_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["guests"], dependencies=[Depends(parts.at_least)])
    _add_links(router, parts.access)
    _add_votes(router, parts)
    return router


def _add_links(router: APIRouter, access: Access) -> None:
    async def view(link_id: str) -> GuestLinkView | None:
        link = access.register.links.get(GuestLinkId(link_id))
        return link and _link_view(link, access.clock())

    @router.get("/guest-links", summary="All guest links there have been, newest first", responses=problem_responses())
    async def list_guest_links() -> list[GuestLinkView]:
        """Also those that are revoked or expired. No answer holds the link itself."""
        links = sorted(access.register.links.values(), key=lambda link: link.issued_at, reverse=True)
        return [_link_view(link, access.clock()) for link in links]

    @router.post(
        "/guest-links",
        summary="Make a link for guests of one run",
        status_code=201,
        responses=problem_responses(RunUnknown, ExpiryPast),
    )
    async def invite_guests(
        body: GuestLinkBody, origin: FromWhere, request: Request, response: Response
    ) -> GuestLinkIssuedView:
        """Whoever opens it votes blindly on this run: no ratings, no votes, no other run. The answer is the only one
        that holds the link; the log keeps a hash."""
        invited = await access.guests.invite(body.command(access.clock()), origin)
        link_id = invited.receipt.event.link_id if invited.receipt.event else ""
        answer = await written(response, invited.receipt, link_id, lambda: view(link_id), created=True)
        response.headers["Cache-Control"] = "no-store"
        url = invited.secret and f"{request.base_url}{GUEST_PLACE}#link={invited.secret}"
        return GuestLinkIssuedView(**dict(answer), url=url)

    @router.delete(
        "/guest-links/{link_id}", summary="Revoke a guest link", responses=problem_responses(GuestLinkUnknown)
    )
    async def revoke_guest_link(link_id: IdPath, origin: FromWhere, response: Response) -> Written[GuestLinkView]:
        """Within a second its guests can do nothing further. Their votes stay as they are."""
        receipt = await access.guests.revoke(GuestLinkId(link_id), origin)
        return await written(response, receipt, link_id, lambda: view(link_id))

    _ = (list_guest_links, invite_guests, revoke_guest_link)


def _add_votes(router: APIRouter, parts: Parts) -> None:
    votes, commands = parts.readers.votes, parts.votes.of_guests

    @router.get(
        "/runs/{run_id}/guests",
        summary="The guests of a run and how they voted",
        responses=problem_responses(RunUnknown),
    )
    async def run_guests(run_id: IdPath) -> RunGuests:
        """Who has voted by a link, how often, and how many of these votes count for ratings."""
        run = await known_run(parts.readers.runs, RunId(run_id))
        return await votes.guests(run.run_id)

    @router.post(
        "/runs/{run_id}/guests/merge",
        summary="Let votes of guests count",
        responses=problem_responses(RunUnknown),
    )
    async def merge_guest_votes(
        run_id: IdPath, body: WhoseBody, origin: FromWhere, response: Response
    ) -> Written[RunGuests]:
        """The votes that were cast so far; later ones are kept apart again. Ratings become those of the log as if
        members had cast them, each at its own place."""
        receipt = await commands.merge(body.of(run_id), origin)
        return await written(response, receipt, run_id, lambda: votes.guests(RunId(run_id)))

    @router.post(
        "/runs/{run_id}/guests/separate",
        summary="Keep merged votes of guests apart again",
        responses=problem_responses(RunUnknown),
    )
    async def separate_guest_votes(
        run_id: IdPath, body: WhoseBody, origin: FromWhere, response: Response
    ) -> Written[RunGuests]:
        """The opposite of merging: ratings become those of the log without these votes."""
        receipt = await commands.separate(body.of(run_id), origin)
        return await written(response, receipt, run_id, lambda: votes.guests(RunId(run_id)))

    _ = (run_guests, merge_guest_votes, separate_guest_votes)


def _link_view(link: GuestLink, now: datetime) -> GuestLinkView:
    return GuestLinkView(
        link_id=link.link_id,
        run_id=link.run_id,
        label=link.label,
        issued_at=link.issued_at,
        issued_by=link.issued_by,
        expires_at=link.expires_at,
        revoked_at=link.revoked_at,
        state=link.state(now),
    )
