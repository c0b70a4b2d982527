"""/view and the uploads."""

from __future__ import annotations

import io
import json
import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from aiohttp import web
from aiohttp.web_request import FileField
from PIL import Image

from comfy_stub.files import Files, OutsideFolder, UnknownKind, split_annotation
from comfy_stub.stub import Stub

FormValue = str | bytes | bytearray | FileField
DEFAULT_QUALITY = 90


def routes(stub: Stub) -> Sequence[web.RouteDef]:
    async def view(request: web.Request) -> web.StreamResponse:
        found = _found(stub.files, request.rel_url.query)
        if isinstance(found, int):
            return web.Response(status=found)
        return _shown(found, request.rel_url.query)

    async def upload_image(request: web.Request) -> web.Response:
        form: Mapping[str, FormValue] = await request.post()
        return _uploaded(stub.files, form)

    async def upload_mask(request: web.Request) -> web.Response:
        form: Mapping[str, FormValue] = await request.post()
        reference = json.loads(str(form["original_ref"])) if "original_ref" in form else None
        if not isinstance(reference, dict):
            raise TypeError("original_ref has to be an object")
        original = _found(stub.files, {"type": "input", **reference})
        return _uploaded(stub.files, form, masking=original)

    return [web.get("/view", view), web.post("/upload/image", upload_image), web.post("/upload/mask", upload_mask)]


def _found(files: Files, query: Mapping[str, str]) -> Path | int:
    """The file a query names, or the status that refuses it."""
    if "filename" not in query:
        return 404
    name, annotated = split_annotation(query["filename"])
    if not name or name.startswith("/") or ".." in name:
        return 400
    try:
        folder = files.within(annotated or query.get("type", "output"), query.get("subfolder", ""))
    except UnknownKind:
        return 400
    except OutsideFolder:
        return 403
    path = folder / PurePosixPath(name).name
    return path if path.is_file() else 404


def _shown(path: Path, query: Mapping[str, str]) -> web.StreamResponse:
    headers = {"Content-Disposition": f'filename="{path.name}"'}
    channel = query.get("channel", "rgba")
    if "preview" in query:
        form, _, quality = query["preview"].partition(";")
        form = form if form in {"webp", "jpeg"} else "webp"
        with Image.open(path) as image:
            shown = image.convert("RGB") if form == "jpeg" or channel == "rgb" else image
            content = _encoded(shown, form, quality=int(quality) if quality.isdigit() else DEFAULT_QUALITY)
        return web.Response(body=content, content_type=f"image/{form}", headers=headers)
    if channel in {"rgb", "a"}:
        with Image.open(path) as image:
            content = _encoded(image.convert("RGB") if channel == "rgb" else _alpha(image), "png")
        return web.Response(body=content, content_type="image/png", headers=headers)
    headers["Content-Type"] = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return web.FileResponse(path, headers=headers)


def _alpha(image: Image.Image) -> Image.Image:
    alpha = Image.new("RGBA", image.size)
    alpha.putalpha(image.convert("RGBA").getchannel("A"))
    return alpha


def _encoded(image: Image.Image, form: str, quality: int = DEFAULT_QUALITY) -> bytes:
    buffer = io.BytesIO()
    if form == "png":
        image.save(buffer, "PNG")
    else:
        image.save(buffer, form.upper(), quality=quality)
    return buffer.getvalue()


def _uploaded(files: Files, form: Mapping[str, FormValue], masking: Path | int | None = None) -> web.Response:
    """`masking` is the original of a mask upload, or the status that says why there is none."""
    image = form.get("image")
    if not isinstance(image, FileField) or not image.filename:
        return web.Response(status=400)
    kind, subfolder = str(form.get("type", "input")), str(form.get("subfolder", ""))
    content = image.file.read()
    try:
        name = files.upload(
            kind,
            subfolder,
            image.filename,
            content,
            overwrite=form.get("overwrite") in {"true", "1"},
            write=None if masking is None else lambda target: _write_masked(masking, content, target),
        )
    except OutsideFolder:
        return web.Response(status=400)
    return web.json_response({"name": name, "subfolder": subfolder, "type": kind})


def _write_masked(original: Path | int, mask: bytes, target: Path) -> None:
    """Put the alpha of the mask on the original; without an original nothing is written."""
    if isinstance(original, int):
        return
    with Image.open(original) as picture, Image.open(io.BytesIO(mask)) as masking:
        masked = picture.convert("RGBA")
        masked.putalpha(masking.convert("RGBA").getchannel("A"))
    masked.save(target, "PNG", compress_level=4)
