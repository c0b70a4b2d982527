"""Why a drain is not carried out."""

from __future__ import annotations

from curation_api.domain.refusals import Conflict, Missing


class GatewayUnknown(Missing):
    kind = "gateway-unknown"
    title = "No such gateway"
    advice = "GET /api/fleet lists the gateways that are present; one that is away can be drained once it is back."


class NodeUnknown(Missing):
    kind = "node-unknown"
    title = "No such node"
    advice = "GET /api/fleet lists the nodes of each gateway."


class GatewayDrained(Conflict):
    kind = "gateway-drained"
    title = "The whole gateway is drained"
    advice = "Undrain the gateway; then drain those of its nodes that should stay without jobs."
