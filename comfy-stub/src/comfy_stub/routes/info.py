"""What the server says about itself: versions, node classes, models, and the few lists a browser asks for."""

from __future__ import annotations

import os
import platform
import sys
import uuid
from collections.abc import Sequence

from aiohttp import web

from comfy_stub.files import KINDS
from comfy_stub.models import FOLDERS
from comfy_stub.nodes.catalogue import CATALOGUE
from comfy_stub.stub import Stub
from comfy_stub.wire import JsonObject

COMFYUI_VERSION = "0.10.0"


def routes(stub: Stub) -> Sequence[web.RouteDef]:
    async def system_stats(_request: web.Request) -> web.Response:
        return web.json_response(_system_stats(stub.behaviour.vram_total))

    async def features(_request: web.Request) -> web.Response:
        return web.json_response(features_of(stub))

    async def object_info(_request: web.Request) -> web.Response:
        missing = stub.behaviour.missing_classes
        return web.json_response(
            {name: kind.described(stub.surroundings) for name, kind in CATALOGUE.items() if name not in missing}
        )

    async def one_class(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in CATALOGUE or name in stub.behaviour.missing_classes:
            return web.json_response({})
        return web.json_response({name: CATALOGUE[name].described(stub.surroundings)})

    async def empty_list(_request: web.Request) -> web.Response:
        return web.json_response([])

    async def model_folders(_request: web.Request) -> web.Response:
        return web.json_response(list(FOLDERS))

    async def models(request: web.Request) -> web.Response:
        folder = request.match_info["folder"]
        if folder not in FOLDERS:
            return web.Response(status=404)
        return web.json_response(stub.surroundings.models.names(folder))

    async def folder_files(request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        if kind not in KINDS:
            return web.json_response({"error": "Invalid directory type"}, status=400)
        return web.json_response([entry.name for entry in stub.files.folder(kind).iterdir() if entry.is_file()])

    return [
        web.get("/system_stats", system_stats),
        web.get("/features", features),
        web.get("/object_info", object_info),
        web.get("/object_info/{name}", one_class),
        web.get("/embeddings", empty_list),
        web.get("/extensions", empty_list),
        web.get("/models", model_folders),
        web.get("/models/{folder}", models),
        web.get("/internal/files/{kind}", folder_files),
        *_user_routes(stub),
    ]


def _user_routes(stub: Stub) -> list[web.RouteDef]:
    """User accounts exist with `multi_user` only, and matter to nothing but /settings."""

    async def users(_request: web.Request) -> web.Response:
        if stub.settings.multi_user:
            return web.json_response({"storage": "server", "users": stub.users})
        return web.json_response({"storage": "server", "migrated": False})

    async def add_user(request: web.Request) -> web.Response:
        name = str((await request.json())["username"])
        user_id = f"{name}_{uuid.uuid4()}"
        stub.users[user_id] = name
        return web.json_response(user_id)

    async def settings(request: web.Request) -> web.Response:
        if stub.settings.multi_user and request.headers.get("comfy-user") not in stub.users:
            raise web.HTTPUnauthorized
        return web.json_response({})

    return [web.get("/users", users), web.post("/users", add_user), web.get("/settings", settings)]


def features_of(stub: Stub) -> JsonObject:
    return {
        "supports_preview_metadata": True,
        "max_upload_size": stub.settings.max_upload_bytes,
        "extension": {"manager": {"supports_v4": True}},
    }


def _system_stats(vram_total: int) -> JsonObject:
    """`vram_total` is what the device pretends to have; 0: what the machine has."""
    page = os.sysconf("SC_PAGE_SIZE")
    total, free = page * os.sysconf("SC_PHYS_PAGES"), page * os.sysconf("SC_AVPHYS_PAGES")
    system = {
        "os": platform.system().lower(),
        "ram_total": total,
        "ram_free": free,
        "comfyui_version": COMFYUI_VERSION,
        "required_frontend_version": "1.36.14",
        "installed_templates_version": None,
        "required_templates_version": "0.8.14",
        "python_version": sys.version,
        "pytorch_version": "none (stand-in)",
        "embedded_python": False,
        "argv": ["comfy-stub"],
    }
    device = {
        "name": "cpu",
        "type": "cpu",
        "index": None,
        "vram_total": vram_total or total,
        "vram_free": min(free, vram_total) if vram_total else free,
        "torch_vram_total": total,
        "torch_vram_free": free,
    }
    return {"system": system, "devices": [device]}
