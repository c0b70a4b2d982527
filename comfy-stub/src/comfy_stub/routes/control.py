"""/stub/*: what a test asks of the stand-in beside the protocol. Described in the README."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from comfy_stub.behaviour import UnknownSetting
from comfy_stub.stub import Stub


def routes(stub: Stub) -> Sequence[web.RouteDef]:
    async def settings(_request: web.Request) -> web.Response:
        return web.json_response(stub.behaviour.shown())

    async def change(request: web.Request) -> web.Response:
        try:
            stub.behaviour.change(await request.json())
        except UnknownSetting as refusal:
            return web.json_response({"error": str(refusal)}, status=400)
        return web.json_response(stub.behaviour.shown())

    async def crash(_request: web.Request) -> web.Response:
        stub.crash()
        return web.Response()

    async def forget(request: web.Request) -> web.Response:
        stub.forget(spared=request.transport)
        return web.Response()

    async def cut(request: web.Request) -> web.Response:
        stub.cut_lines(spared=request.transport)
        return web.Response()

    async def dead_worker(_request: web.Request) -> web.Response:
        stub.engine.worker.die()
        return web.Response()

    async def deaf(_request: web.Request) -> web.Response:
        stub.sockets.forget_all()
        return web.Response()

    async def stall(request: web.Request) -> web.Response:
        wanted = await request.json()
        stub.standstill.begin(float(wanted["seconds"]))
        return web.Response()

    async def delete_outputs(_request: web.Request) -> web.Response:
        stub.files.empty_output()
        return web.Response()

    async def jobs(_request: web.Request) -> web.Response:
        return web.json_response({"jobs": stub.ledger.lines()})

    return [
        web.get("/stub/settings", settings),
        web.post("/stub/settings", change),
        web.post("/stub/crash", crash),
        web.post("/stub/forget", forget),
        web.post("/stub/cut", cut),
        web.post("/stub/dead-worker", dead_worker),
        web.post("/stub/deaf", deaf),
        web.post("/stub/stall", stall),
        web.post("/stub/delete-outputs", delete_outputs),
        web.get("/stub/jobs", jobs),
    ]
