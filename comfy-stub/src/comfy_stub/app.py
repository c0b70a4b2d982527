"""The aiohttp application: every route bare and under /api, the control routes, and a 404 for the rest."""

from __future__ import annotations

from aiohttp import web

from comfy_stub.middleware import middlewares
from comfy_stub.routes import control, files, history, info, jobs, prompt, queue, socket
from comfy_stub.stub import Stub


def application(stub: Stub) -> web.Application:
    app = web.Application(client_max_size=stub.settings.max_upload_bytes, middlewares=middlewares(stub))
    for resource in (prompt, queue, history, files, info, socket):
        for route in resource.routes(stub):
            route.register(app.router)
            web.RouteDef(route.method, f"/api{route.path}", route.handler, route.kwargs).register(app.router)
    app.router.add_routes(jobs.routes(stub))
    app.router.add_routes(control.routes(stub))
    app.router.add_get("/{path:.*}", _not_found)
    return app


async def _not_found(_request: web.Request) -> web.Response:
    response = web.Response(status=404)
    response.headers["Content-Type"] = "application/octet-stream"
    return response
