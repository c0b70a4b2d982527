"""Recorded requests made anew. Uploaded bytes were not recorded: equal hashes get equal bytes of the same kind."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

import aiohttp
from PIL import Image
from yarl import URL

Json: TypeAlias = Any

SIDE_MAX = 512
"""Larger pictures are asked for at this size: a slow job gets its time from the pace of the stand-in."""


async def send(
    client: aiohttp.ClientSession, base: str, request: Json, ids: Mapping[str, str], body_scale: float
) -> aiohttp.ClientResponse:
    """Send a recorded request; `ids` translates prompt ids, `body_scale` shrinks bodies given by size only."""
    path = request["path"]
    for recorded, ours in ids.items():
        path = path.replace(recorded, ours)
    url = URL(base + path, encoded=True)
    if request.get("query"):
        url = url.with_query(request["query"])
    headers = {
        name: ids.get(value, value)
        .replace("127.0.0.1:8188", f"{url.host}:{url.port}")
        .replace("localhost:8188", f"localhost:{url.port}")
        for name, value in (request.get("headers") or {}).items()
        if "multipart" not in value
    }
    return await client.request(
        request["method"], url, data=_body(request, ids, body_scale), headers=headers, allow_redirects=False
    )


def _body(request: Json, ids: Mapping[str, str], body_scale: float) -> Any:
    if "multipart" in request:
        return _form(request["multipart"], body_scale)
    raw: str | None = request.get("body_raw")
    if raw is not None:
        sized = re.fullmatch(r"<(\d+) bytes>", raw)
        if sized is None:
            return raw.encode()
        padding = "x" * int(int(sized[1]) * body_scale - 40)
        return io.BytesIO(json.dumps({"prompt": {}, "padding": padding}).encode())
    body = request.get("body")
    if body is None:
        return None
    text = json.dumps(_smaller(body))
    for recorded, ours in ids.items():
        text = text.replace(recorded, ours)
    return text.encode()


def _smaller(body: Json) -> Json:
    if not isinstance(body, dict) or not isinstance(body.get("prompt"), dict):
        return body
    small = json.loads(json.dumps(body))
    for node in small["prompt"].values():
        inputs = node.get("inputs", {})
        if inputs.get("batch_size", 1) > 64:
            continue
        for side in ("width", "height"):
            if inputs.get(side) in range(SIDE_MAX, 16385):
                inputs[side] = SIDE_MAX
    return small


def _form(parts: list[Json], body_scale: float) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for part in parts:
        if "value" in part:
            form.add_field(part["name"], part["value"])
        else:
            content = io.BytesIO(_file(part, body_scale))
            form.add_field(part["name"], content, filename=part["filename"], content_type=part["content_type"])
    return form


def _file(part: Json, body_scale: float) -> bytes:
    if part["length"] < 64 or part["length"] > 1_000_000:
        return b"x" * int(part["length"] * (body_scale if part["length"] > 1_000_000 else 1))
    chance = random.Random(part["sha256"])
    mode = "RGBA" if "mask" in part["filename"] else "RGB"
    colour = tuple(chance.randrange(256) for _ in mode)
    buffer = io.BytesIO()
    Image.new(mode, (16, 16), colour).save(buffer, "PNG")
    return buffer.getvalue()
