"""What guests can do: see two images, choose. No answer here holds a rating, a vote of others, or another run."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from carnival.contracts.ids import CandidateId, VoteId
from curation_api.adapters.http.choices import ChoiceBody, skipped, vote_responses
from curation_api.adapters.http.credentials import GUEST_COOKIE
from curation_api.adapters.http.images import Metadata, Width, shown_at
from curation_api.adapters.http.pairs import SkippedPairs, named_pairs
from curation_api.adapters.http.parameters import FromWhere, GuestSender, IdPath
from curation_api.adapters.http.parts import Access, Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.serving import answer
from curation_api.adapters.http.written import Written, written
from curation_api.application.views.guests import (
    BlindPair,
    BlindSide,
    BlindVote,
    GuestPassView,
    GuestView,
    NextBlindPair,
)
from curation_api.application.views.vote import SideView
from curation_api.application.votes.offer_pair import Offered
from curation_api.domain.access.guests import GuestPass, guest_name, opened_pass, sealed_pass
from curation_api.domain.access.principals import Guest
from curation_api.domain.access.refusals import CredentialRefused, GuestLinkEnded, GuestLinkUnknown
from curation_api.domain.access.register import GuestLink
from curation_api.domain.image_refusals import BadRange, ImageAbsent, ImageDamaged, ImageDropped, ImagesUnavailable
from curation_api.domain.refusals import (
    BadText,
    CandidateUnknown,
    OtherVoter,
    VoteUnknown,
)
from curation_api.domain.voting import Choice

NAME_BYTES = 6

_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_IMAGES = dict.fromkeys(("image/png", "image/jpeg", "image/webp"), _BYTES)


class GuestPassBody(RequestBody):
    link: str = Field(max_length=200, description="What follows `#link=` in the link.", examples=["tl_x"])


class BlindVoteBody(ChoiceBody):
    """A guest's choice."""


def guest_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["guests"], dependencies=[Depends(parts.at_least)])
    _add_passes(router, parts)
    _add_pairs(router, parts)
    _add_votes(router, parts)
    return router


def _add_passes(router: APIRouter, parts: Parts) -> None:
    access = parts.access

    @router.post(
        "/guest-passes",
        summary="Become a guest by a link",
        status_code=201,
        responses=problem_responses(GuestLinkUnknown, GuestLinkEnded),
    )
    async def enter_as_guest(body: GuestPassBody, request: Request, response: Response) -> GuestPassView:
        """Each call makes a guest of a name of its own. A browser keeps the pass as a cookie, and stays who it is when
        it opens the link again."""
        link = access.register.link_of(body.link)
        if (state := link.state(access.clock())) != "active":
            raise GuestLinkEnded(f"The guests' link is {state}")
        name = _known_as(request, access, link) or guest_name(secrets.token_hex(NAME_BYTES))
        guest = link.guest(name, access.clock())
        sealed = sealed_pass(GuestPass(link_id=guest.link_id, name=guest.name), access.key)
        response.headers["Cache-Control"] = "no-store"
        response.set_cookie(
            GUEST_COOKIE,
            sealed,
            expires=guest.expires_at,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return GuestPassView(name=guest.name, guest_pass=sealed, expires_at=guest.expires_at)

    @router.get("/guest/me", summary="Who you are as a guest", responses=problem_responses())
    async def show_guest(guest: GuestSender) -> GuestView:
        """Your name, and until when the link holds."""
        return GuestView(name=guest.name, expires_at=guest.expires_at)

    _ = (enter_as_guest, show_guest)


def _add_pairs(router: APIRouter, parts: Parts) -> None:
    @router.get("/guest/pair", summary="The pair to vote on next", responses=problem_responses(BadText))
    async def next_blind_pair(guest: GuestSender, skip: SkippedPairs = None) -> NextBlindPair:
        """From the highest step with an open pair. Null when this guest has voted on all."""
        offered = await parts.votes.offer_pair(guest.run_id, guest.name, named_pairs(skip))
        return NextBlindPair(pair=offered and await _blind(parts, offered))

    @router.get(
        "/guest/images/{candidate_id}",
        summary="An image of the run, without metadata",
        response_class=Response,
        responses={
            **problem_responses(CandidateUnknown, ImageAbsent, ImageDamaged, ImageDropped, BadRange, ImagesUnavailable),
            200: {"content": _IMAGES},
            206: {"content": _IMAGES, "description": "The range that was asked for"},
            304: {"description": "The client has it"},
        },
    )
    async def show_blind_image(
        request: Request, candidate_id: IdPath, guest: GuestSender, width: Width = None
    ) -> Response:
        """The same pixels without prompt and workflow; with `width` the smallest thumbnail at least that wide."""
        await _check_own(parts, guest, candidate_id)
        shown = await shown_at(parts, candidate_id, width, Metadata.STRIP)
        return answer(request, replace(shown, file_name=candidate_id), download=False)

    _ = (next_blind_pair, show_blind_image)


def _add_votes(router: APIRouter, parts: Parts) -> None:
    votes = parts.readers.votes

    @router.post(
        "/guest/votes",
        summary="Vote on a pair as a guest",
        status_code=201,
        responses=vote_responses(Written[BlindVote]),
    )
    async def cast_blind_vote(
        body: BlindVoteBody, guest: GuestSender, origin: FromWhere, response: Response
    ) -> Written[BlindVote]:
        """The vote is kept apart until a curator merges it; it moves no rating before."""
        await _check_own(parts, guest, *body.pair)
        if body.outcome is Choice.SKIP:
            return await skipped(parts, body, guest.name, guest.run_id, origin, response)
        receipt = await parts.votes.cast(body.vote(guest.name, guest.run_id, guest.link_id), origin)
        vote_id = receipt.event.vote_id if receipt.event else VoteId("")
        return await written(response, receipt, vote_id, lambda: votes.blind(vote_id), created=True)

    @router.delete(
        "/guest/votes/{vote_id}",
        summary="Take a guest's vote back",
        responses=problem_responses(VoteUnknown, OtherVoter),
    )
    async def retract_blind_vote(
        vote_id: IdPath, guest: GuestSender, origin: FromWhere, response: Response
    ) -> Written[BlindVote]:
        """Any vote of one's own, whether it was merged or not."""
        receipt = await parts.votes.retract(VoteId(vote_id), guest.name, origin)
        return await written(response, receipt, vote_id, lambda: votes.blind(VoteId(vote_id)))

    _ = (cast_blind_vote, retract_blind_vote)


async def _check_own(parts: Parts, guest: Guest, *candidate_ids: str) -> None:
    """Images of other runs do not exist for a guest. Raises CandidateUnknown."""
    for candidate_id in candidate_ids:
        candidate = await parts.readers.candidates.state(CandidateId(candidate_id))
        if candidate is None or candidate.run_id != guest.run_id:
            raise CandidateUnknown(f"There is no candidate {candidate_id}", candidate_id=candidate_id)


def _known_as(request: Request, access: Access, link: GuestLink) -> str | None:
    """The name of the guest whom this browser is by this link already."""
    try:
        known = opened_pass(request.cookies.get(GUEST_COOKIE, ""), access.key)
    except CredentialRefused:
        return None
    return known.name if known.link_id == link.link_id else None


async def _blind(parts: Parts, offered: Offered) -> BlindPair | None:
    sides = await parts.readers.candidates.sides(offered.offer.left_id, offered.offer.right_id)
    if sides is None:
        return None
    left, right = map(_side, sides)
    return BlindPair(step_name=offered.step_name, left=left, right=right, open_pairs=offered.open_pairs)


def _side(side: SideView) -> BlindSide:
    image = f"/api/guest/images/{side.candidate_id}"
    return BlindSide(candidate_id=side.candidate_id, width=side.width, height=side.height, image=image)
