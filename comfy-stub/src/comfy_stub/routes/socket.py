"""/ws: one WebSocket for each client id."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from aiohttp import WSMessage, WSMsgType, web

from comfy_stub.frames import TextFrame, queue_status
from comfy_stub.routes.info import features_of
from comfy_stub.stub import Stub


def routes(stub: Stub) -> Sequence[web.RouteDef]:
    async def listen(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        client_id = request.rel_url.query.get("clientId") or uuid.uuid4().hex
        try:
            await _welcome(stub, client_id, socket)
            first = True
            async for message in socket:
                if first and message.type == WSMsgType.TEXT:
                    await _negotiate(stub, client_id, socket, message)
                first = False
        finally:
            stub.sockets.leave(client_id)
        return socket

    return [web.get("/ws", listen)]


async def _welcome(stub: Stub, client_id: str, socket: web.WebSocketResponse) -> None:
    """Status first; who comes back while its job runs is told the node, without the prompt id."""
    engine = stub.engine
    status = {**queue_status(engine.queue.remaining()), "sid": client_id}
    await socket.send_str(TextFrame("status", status).encoded())
    node_id = engine.worker.node_running_for(client_id)
    stub.sockets.join(client_id, socket)
    if node_id is not None:
        await socket.send_str(TextFrame("executing", {"node": node_id}).encoded())


async def _negotiate(stub: Stub, client_id: str, socket: web.WebSocketResponse, message: WSMessage) -> None:
    """Only a first message of type feature_flags counts; everything else is ignored."""
    try:
        wanted = json.loads(message.data)
    except ValueError:
        return
    if not isinstance(wanted, dict) or wanted.get("type") != "feature_flags":
        return
    flags = wanted.get("data") or {}
    stub.sockets.negotiate(client_id, preview_metadata=bool(flags.get("supports_preview_metadata")))
    await socket.send_str(TextFrame("feature_flags", features_of(stub)).encoded())
