"""/queue, /interrupt and /free: empty 200 answers that change what waits and runs."""

from __future__ import annotations

from collections.abc import Sequence
from json import JSONDecodeError

from aiohttp import web

from comfy_stub.stub import Stub


def routes(stub: Stub) -> Sequence[web.RouteDef]:
    async def view(_request: web.Request) -> web.Response:
        queue = stub.engine.queue.view()
        return web.json_response(
            {
                "queue_running": [list(item) for item in queue.running],
                "queue_pending": [list(item) for item in queue.pending],
            }
        )

    async def change(request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("clear"):
            stub.engine.queue.clear()
        stub.engine.queue.delete(body.get("delete", []))
        return web.Response()

    async def interrupt(request: web.Request) -> web.Response:
        try:
            body = await request.json()
        except JSONDecodeError:
            body = {}
        stub.engine.interrupt(body.get("prompt_id"))
        return web.Response()

    async def free(request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("free_memory", False):
            stub.engine.worker.forget_results()
        return web.Response()

    return [
        web.get("/queue", view),
        web.post("/queue", change),
        web.post("/interrupt", interrupt),
        web.post("/free", free),
    ]
