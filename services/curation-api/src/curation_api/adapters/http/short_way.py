"""A short way to an endpoint for plain requests: a JSON body, perhaps a key and an actor, nothing else.

The framework reads each parameter of each request by its description, which is a quarter of what a vote costs the API.
A request that is not plain, or in which anything is wrong, goes the framework's way: so there is one way to document
and to refuse, and this one only shortens it (docs/adr/0030-a-short-way-for-votes.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, Protocol

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from curation_api.adapters.http.parameters import ACTOR_LENGTH_MAX, KEY_LENGTH_MAX, AtLeast, origin
from curation_api.domain.idempotency import Origin

JSON: Final = "application/json"


class Command(Protocol):
    """What an endpoint of such a route looks like; whatever else it takes has a default."""

    def __call__(self, *, body: Any, request: Request, origin: Origin, response: Response) -> Awaitable[BaseModel]: ...


def short_way(body: type[BaseModel], at_least: AtLeast) -> type[APIRoute]:
    """A class of routes for `APIRouter`, whose endpoints are commands that take a `body`."""
    read = TypeAdapter(body).validate_json

    class ShortWay(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            long_way, command, status = super().get_route_handler(), self.endpoint, self.status_code or 200

            async def handle(request: Request) -> Response:
                if not _is_plain(request):
                    return await long_way(request)
                try:
                    given = read(await request.body())
                except ValidationError:
                    return await long_way(request)
                return await _answer(request, given, command, at_least, status)

            return handle

    return ShortWay


async def _answer(request: Request, body: BaseModel, command: Command, at_least: AtLeast, status: int) -> Response:
    said = Response(status_code=status)
    await at_least(said)
    headers = request.headers
    came_from = await origin(request, headers.get("carnival-actor"), headers.get("idempotency-key"))
    answer = await command(body=body, request=request, origin=came_from, response=said)
    del said.headers["content-length"]
    return Response(answer.model_dump_json(), said.status_code, said.headers, JSON)


def _is_plain(request: Request) -> bool:
    headers = request.headers
    return (
        not request.scope["query_string"]
        and headers.get("content-type") == JSON
        and "at-least" not in headers
        and len(headers.get("carnival-actor", "")) <= ACTOR_LENGTH_MAX
        and len(headers.get("idempotency-key", "")) <= KEY_LENGTH_MAX
    )
