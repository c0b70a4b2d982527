"""Routes about the fleet: who is there, and drains."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import Field

from carnival.contracts.envelope import Event
from carnival.contracts.pipeline import DEFAULT_POOL
from curation_api.adapters.http.parameters import FromWhere
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.http.problems import problem_responses
from curation_api.adapters.http.request_body import RequestBody
from curation_api.adapters.http.texts import Line, Name
from curation_api.adapters.http.written import Written, written
from curation_api.application.ledger import Receipt
from curation_api.application.views.fleet import ClassChoicesView, DrainView, FleetView
from curation_api.domain.fleet import Place
from curation_api.domain.fleet_refusals import GatewayDrained, GatewayUnknown, NodeUnknown

GatewayPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,80}$")]
NodePath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,300}$")]


class DrainBody(RequestBody):
    reason: Line = Field(default="", description="Why, for those who wonder.", examples=["a new driver"])


def fleet_routes(parts: Parts) -> APIRouter:
    router = APIRouter(prefix="/api/fleet", tags=["fleet"], dependencies=[Depends(parts.at_least)])

    @router.get("", summary="Gateways and servers by pool, and what nobody can do", responses=problem_responses())
    async def show_fleet() -> FleetView:
        """State, jobs, memory and errors of every ComfyUI server that a gateway announces now.

        Per pool also the steps of active runs that none of its servers can do, with what is missing.
        """
        return await parts.fleet.show()

    @router.get(
        "/choices",
        summary="What the servers of a pool have for a node class: model files, samplers",
        responses=problem_responses(),
    )
    async def show_choices(
        class_type: Annotated[
            Name, Query(description="The class of a workflow's node.", examples=["CheckpointLoaderSimple"])
        ],
        pool: Annotated[Name, Query(description="Which servers.")] = DEFAULT_POOL,
    ) -> ClassChoicesView:
        """The values that a workflow may name for those inputs that choose from a list, with how many of the servers
        present have each. Of a class that no server has there are none."""
        return await parts.fleet.show.choices(pool, class_type)

    _add_gateway(router, parts)
    _add_node(router, parts)
    _ = (show_fleet, show_choices)
    return router


def _add_gateway(router: APIRouter, parts: Parts) -> None:
    @router.post(
        "/{gateway}/drain", summary="No more jobs for a whole gateway", responses=problem_responses(GatewayUnknown)
    )
    async def drain_gateway(
        gateway: GatewayPath, origin: FromWhere, response: Response, body: DrainBody | None = None
    ) -> Written[DrainView]:
        """Its servers finish what they render and give back what is staged. It holds over restarts until undrained."""
        place = Place(gateway=gateway, node=None)
        receipt = await parts.fleet.drain.drain(place, body.reason if body else "", origin)
        return await _written(parts, response, receipt, place)

    @router.post(
        "/{gateway}/undrain", summary="Jobs for a whole gateway again", responses=problem_responses(GatewayUnknown)
    )
    async def undrain_gateway(gateway: GatewayPath, origin: FromWhere, response: Response) -> Written[DrainView]:
        """Every drain within the gateway ends, those of its single servers too."""
        place = Place(gateway=gateway, node=None)
        return await _written(parts, response, await parts.fleet.drain.undrain(place, origin), place)

    _ = (drain_gateway, undrain_gateway)


def _add_node(router: APIRouter, parts: Parts) -> None:
    @router.post(
        "/{gateway}/{node}/drain",
        summary="No more jobs for a server",
        responses=problem_responses(GatewayUnknown, NodeUnknown),
    )
    async def drain_node(
        gateway: GatewayPath, node: NodePath, origin: FromWhere, response: Response, body: DrainBody | None = None
    ) -> Written[DrainView]:
        """It finishes what it renders; what is staged goes back to the pool. It holds over restarts until undrained."""
        place = Place(gateway=gateway, node=node)
        receipt = await parts.fleet.drain.drain(place, body.reason if body else "", origin)
        return await _written(parts, response, receipt, place)

    @router.post(
        "/{gateway}/{node}/undrain",
        summary="Jobs for a server again",
        responses=problem_responses(GatewayUnknown, NodeUnknown, GatewayDrained),
    )
    async def undrain_node(
        gateway: GatewayPath, node: NodePath, origin: FromWhere, response: Response
    ) -> Written[DrainView]:
        """It takes jobs again at once, if it is well."""
        place = Place(gateway=gateway, node=node)
        return await _written(parts, response, await parts.fleet.drain.undrain(place, origin), place)

    _ = (drain_node, undrain_node)


async def _written(parts: Parts, response: Response, receipt: Receipt[Event], place: Place) -> Written[DrainView]:
    """The result is the drain in force; null: there is none any more."""

    async def in_force() -> DrainView | None:
        drain = parts.fleet.drains.in_force.get((place.gateway, place.node))
        return DrainView.of(drain) if drain else None

    identity = f"{place.gateway}/{place.node}" if place.node else place.gateway
    return await written(response, receipt, identity, in_force)
