"""/history: what has ended. Unknown, pending and running ids all answer 200 `{}`."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from comfy_stub.stub import Stub


def routes(stub: Stub) -> Sequence[web.RouteDef]:
    async def page(request: web.Request) -> web.Response:
        query = request.rel_url.query
        max_items = int(query["max_items"]) if "max_items" in query else None
        offset = int(query["offset"]) if "offset" in query else -1
        return web.json_response(stub.engine.queue.history_page(max_items, offset))

    async def one(request: web.Request) -> web.Response:
        return web.json_response(stub.engine.queue.history_of(request.match_info["prompt_id"]))

    async def change(request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("clear"):
            stub.engine.queue.forget_all()
        stub.engine.queue.forget(body.get("delete", []))
        return web.Response()

    return [
        web.get("/history", page),
        web.get("/history/{prompt_id}", one),
        web.post("/history", change),
    ]
