"""What happens to every request: refusal of foreign origins, headers on every answer, and the faults asked for."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import random
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from comfy_stub.stub import Stub

log = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self' data:; frame-src 'self'; object-src 'self';"
)
CONTROL_PREFIX = "/stub/"


def middlewares(stub: Stub) -> list[Middleware]:
    settings = stub.settings
    origin_rule = _allowing(settings.cors_origin) if settings.cors_origin else _refuse_foreign_origins
    chosen = [_stalling(stub), _in_trouble, origin_rule]
    if settings.compress_answers:
        chosen.append(_compressing)
    if not settings.cors_origin:
        chosen.append(_with_content_policy)
    return [web.middleware(step) for step in chosen]


def _stalling(stub: Stub) -> Middleware:
    async def stall(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(CONTROL_PREFIX):
            return await handler(request)
        await stub.standstill.over()
        seconds = stub.behaviour.stall_seconds
        if seconds > 0:
            await asyncio.sleep(random.uniform(seconds / 2, seconds))
        return await handler(request)

    return stall


async def _in_trouble(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Bad input that ComfyUI trips over answers 500, in the words of aiohttp but without a stack trace in the log."""
    try:
        return await handler(request)
    except (TypeError, ValueError, LookupError, AttributeError, OSError) as error:
        log.info("%s %s: %r", request.method, request.path, error, exc_info=error)
        return web.Response(status=500, text="500 Internal Server Error\n\nServer got itself in trouble")


async def _refuse_foreign_origins(request: web.Request, handler: Handler) -> web.StreamResponse:
    """403 when Origin and a loopback Host differ; names are compared, not addresses."""
    origin, host = request.headers.get("Origin"), request.headers.get("Host")
    if origin is not None and host is not None and _is_foreign(origin, host):
        return web.Response(status=403)
    if request.method == "OPTIONS":
        return web.Response()
    return await handler(request)


def _is_foreign(origin: str, host: str) -> bool:
    asked = urlsplit(f"//{host}")
    calling = urlsplit(origin)
    if not calling.netloc or not _is_loopback(asked.hostname or ""):
        return False
    if calling.port is None or asked.port is None:
        return calling.hostname != asked.hostname
    return calling.netloc.lower() != asked.netloc.lower()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _allowing(origin: str) -> Middleware:
    async def allow(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = web.Response() if request.method == "OPTIONS" else await handler(request)
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = "POST, GET, DELETE, PUT, OPTIONS, PATCH"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, Authorization"
        response.headers["Access-Control-Allow-Credentials"] = "true"
        return response

    return allow


async def _compressing(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if isinstance(response, web.Response) and response.content_type in {"application/json", "text/plain"}:
        response.enable_compression()
    return response


async def _with_content_policy(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response
