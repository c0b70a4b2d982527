"""What requests carry beside their body: ids, positions, where a command comes from."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request, Response
from pydantic import StringConstraints

from carnival.contracts.ids import Position, fresh_id
from carnival.log.port import EventLog
from curation_api.adapters.http.plain_digits import PLAIN_DIGITS
from curation_api.adapters.http.texts import Name, storable
from curation_api.application.ports import Projection
from curation_api.domain.access.principals import Guest, Member, Principal, acting_as
from curation_api.domain.idempotency import Origin, digest_of, keyed_origin, plain_origin
from curation_api.domain.refusals import BadText, PositionAhead, ProjectionBehind

INTEGER_MAX = 2**31 - 1
POSITION_MAX = 2**53 - 1
"""Every reader of JSON keeps integers up to here exactly; no log comes so far."""
ACTOR_LENGTH_MAX = 100
KEY_LENGTH_MAX = 200

BATCH_MAX = 500
"""Things that one command may be about."""

ID = r"^[A-Za-z0-9_-]{1,64}$"
"""How every identity is written."""

After = Annotated[int | None, Query(ge=0, le=POSITION_MAX), PLAIN_DIGITS]
IdPath = Annotated[str, Path(pattern=ID)]
Identity = Annotated[str, StringConstraints(pattern=ID)]
Id = Annotated[str, Query(pattern=ID)]
StepPath = Annotated[int, Path(ge=1, le=INTEGER_MAX), PLAIN_DIGITS]


class AtLeast:
    """Reads that ask for a position wait for the projector (read your own writes).

    Every answer carries the position it surely includes in the header Carnival-Projected.
    """

    def __init__(self, projection: Projection, log: EventLog, wait_seconds: float) -> None:
        self._projection = projection
        self._log = log
        self._wait_seconds = wait_seconds

    async def __call__(
        self,
        response: Response,
        at_least: Annotated[
            int | None,
            Query(
                alias="at-least", ge=0, le=POSITION_MAX, description="Answer with a state that includes this position."
            ),
            PLAIN_DIGITS,
        ] = None,
        at_least_header: Annotated[int | None, Header(alias="At-Least", ge=0, le=POSITION_MAX), PLAIN_DIGITS] = None,
    ) -> None:
        await self._wait(Position(max(at_least or 0, at_least_header or 0)))
        response.headers["Carnival-Projected"] = str(self._projection.position)

    async def _wait(self, wanted: Position) -> None:
        """Raises PositionAhead, ProjectionBehind."""
        if wanted <= self._projection.position:
            return
        end = await self._log.end()
        if wanted > end:
            raise PositionAhead(f"The log ends at position {end}, {wanted} was asked for", position=end)
        if not await self._projection.reached(wanted, self._wait_seconds):
            raise ProjectionBehind(
                f"The read model is at {self._projection.position}, position {wanted} was asked for",
                position=self._projection.position,
            )


async def principal_of(request: Request) -> Principal:
    """Who sends the request, as the gate has found. (What is not async would cost a thread for each request.)"""
    return request.state.principal


Sender = Annotated[Member, Depends(principal_of)]
"""Where a role is asked for the gate lets members pass only."""

GuestSender = Annotated[Guest, Depends(principal_of)]
"""Where guests are asked for it lets guests pass only."""


NamedActor = Annotated[
    str | None,
    Header(
        alias="Carnival-Actor",
        max_length=ACTOR_LENGTH_MAX,
        description="In whose name; another than one's own is for operators.",
    ),
]


async def actor(request: Request, carnival_actor: NamedActor = None) -> str:
    """In whose name the request is sent. Raises ActingForOthers, BadText."""
    return _acting(request, carnival_actor)


Actor = Annotated[str, Depends(actor)]


async def voter(
    request: Request,
    actor: Actor,
    voter: Annotated[
        Name | None, Query(description="Whose votes; by default the sender's. Another's are for operators.")
    ] = None,
) -> str:
    """Whose votes the request is about. Raises ActingForOthers."""
    return acting_as(request.state.principal, voter) if voter else actor


Voter = Annotated[str, Depends(voter)]


async def origin(
    request: Request,
    carnival_actor: NamedActor = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            max_length=KEY_LENGTH_MAX,
            description="Sent again with the same key, a command is carried out once.",
        ),
    ] = None,
) -> Origin:
    """Where the command comes from. The key counts per actor, method and path. Raises ActingForOthers, BadText."""
    actor = _acting(request, carnival_actor)
    if not idempotency_key:
        return plain_origin(actor, fresh_id())
    digest = digest_of(request.url.query, await request.body())
    return keyed_origin(actor, f"{request.method} {request.url.path}", idempotency_key, digest)


FromWhere = Annotated[Origin, Depends(origin)]


def voter_in(request: Request, origin: Origin, named: str | None) -> str:
    """Whose votes a body is about that names a voter, or None for the sender. Raises ActingForOthers."""
    return acting_as(request.state.principal, named) if named else origin.actor


def _acting(request: Request, carnival_actor: str | None) -> str:
    return acting_as(request.state.principal, _named(carnival_actor))


def _named(given: str | None) -> str | None:
    """Header bytes are read as Latin-1 by the server; clients that know names send UTF-8."""
    text = (given or "").strip()
    try:
        text = text.encode("latin-1").decode()
    except UnicodeError:
        return text
    try:
        return storable(text) or None
    except ValueError as error:
        raise BadText(f"Carnival-Actor {error}") from error
