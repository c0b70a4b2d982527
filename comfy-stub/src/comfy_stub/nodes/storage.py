"""Nodes that read and write files: LoadImage, SaveImage, PreviewImage and their relatives."""

from __future__ import annotations

import hashlib
import json
import random
import string
import time
from collections.abc import Mapping
from typing import cast

from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo

from comfy_stub.naming import save_place
from comfy_stub.nodes.definition import Input, NodeClass, NodeContext, NodeResult, Surroundings, one_of
from comfy_stub.painting.mark import read_mark, with_mark
from comfy_stub.painting.picture import Batch, Picture
from comfy_stub.wire import Json, JsonObject

Values = Mapping[str, Json]
HIDDEN = (("prompt", "PROMPT"), ("extra_pnginfo", "EXTRA_PNGINFO"))
IMAGES = Input("images", "IMAGE", {"tooltip": "The images to save."})
PREFIX = Input(
    "filename_prefix",
    "STRING",
    {"default": "ComfyUI", "tooltip": "The prefix of the file name; may hold folders and tokens such as %width%."},
)
WEBP_METHODS = {"default": 4, "fastest": 0, "slowest": 6}
PNG_COMPRESSION = 1


def load_image(context: NodeContext, values: Values) -> NodeResult:
    with Image.open(context.files.annotated(str(values["image"]))) as opened:
        upright = ImageOps.exif_transpose(opened)
        mask = ImageOps.invert(upright.getchannel("A")) if "A" in upright.getbands() else Image.new("L", (64, 64))
        image = upright.convert("RGB")
    return NodeResult(((Picture(image, read_mark(image)),), mask))


def refuse_missing_file(surroundings: Surroundings, value: Json) -> str | None:
    if not surroundings.files.annotated(str(value)).exists():
        return f"Invalid image file: {value}"
    return None


def content_of_file(surroundings: Surroundings, inputs: Values) -> str:
    """LoadImage counts as changed when the bytes of its file are others."""
    try:
        return hashlib.sha256(surroundings.files.annotated(str(inputs.get("image"))).read_bytes()).hexdigest()
    except OSError:
        return "unreadable"


def save_image(context: NodeContext, values: Values) -> NodeResult:
    return NodeResult(ui={"images": _save(context, values["images"], str(values["filename_prefix"]), "output")})


def preview_image(context: NodeContext, values: Values) -> NodeResult:
    tail = "".join(random.choices(string.ascii_lowercase, k=5))
    return NodeResult(ui={"images": _save(context, values["images"], f"ComfyUI_temp_{tail}", "temp")})


def save_animation(context: NodeContext, values: Values) -> NodeResult:
    frames = [picture.image for picture in cast(Batch, values["images"])]
    place = save_place(str(values["filename_prefix"]), context.files.folder("output"), *frames[0].size)
    name = place.name(0, ".webp")
    frames[0].save(
        place.folder / name,
        save_all=True,
        append_images=frames[1:],
        duration=int(1000 / float(values["fps"])),
        lossless=bool(values["lossless"]),
        quality=int(values["quality"]),
        method=WEBP_METHODS[values["method"]],
    )
    entry = {"filename": name, "subfolder": place.subfolder, "type": "output"}
    return NodeResult(ui={"images": [entry], "animated": [len(frames) != 1]})


def send_image(context: NodeContext, values: Values) -> NodeResult:
    pictures = cast(Batch, values["images"])
    for place, picture in enumerate(pictures):
        context.progress(place, len(pictures), picture.image, as_png=True)
    return NodeResult()


def _save(context: NodeContext, batch: Json, prefix: str, kind: str) -> list[JsonObject]:
    pictures = cast(Batch, batch)
    place = save_place(prefix, context.files.folder(kind), *pictures[0].image.size)
    saved: list[JsonObject] = []
    for at, picture in enumerate(pictures):
        image = picture.image if picture.scene is None else with_mark(picture.image, picture.scene)
        image.save(place.folder / place.name(at), pnginfo=_metadata(context), compress_level=PNG_COMPRESSION)
        saved.append({"filename": place.name(at), "subfolder": place.subfolder, "type": kind})
    return saved


def _metadata(context: NodeContext) -> PngInfo | None:
    if not context.write_metadata:
        return None
    chunks = PngInfo()
    chunks.add_text("prompt", json.dumps(context.prompt))
    extra: JsonObject = context.extra_data.get("extra_pnginfo") or {}
    for key, value in extra.items():
        chunks.add_text(key, json.dumps(value))
    return chunks


NODES = (
    NodeClass(
        "LoadImage",
        load_image,
        (Input("image", lambda surroundings: surroundings.files.input_names(), {"image_upload": True}),),
        ("IMAGE", "MASK"),
        display_name="Load Image",
        weight=0.3,
        check=("image", refuse_missing_file),
        fingerprint=content_of_file,
    ),
    NodeClass(
        "SaveImage",
        save_image,
        (IMAGES, PREFIX),
        display_name="Save Image",
        description="Saves the input images to your ComfyUI output directory.",
        output_node=True,
        hidden=HIDDEN,
    ),
    NodeClass(
        "PreviewImage",
        preview_image,
        (Input("images", "IMAGE"),),
        display_name="Preview Image",
        description="Saves the input images to your ComfyUI output directory.",
        output_node=True,
        hidden=HIDDEN,
        weight=0.5,
    ),
    NodeClass(
        "SaveImageWebsocket",
        send_image,
        (Input("images", "IMAGE"),),
        category="api/image",
        module="custom_nodes.websocket_image_save",
        output_node=True,
        fingerprint=lambda _surroundings, _inputs: str(time.time_ns()),
    ),
    NodeClass(
        "SaveAnimatedWEBP",
        save_animation,
        (
            Input("images", "IMAGE"),
            Input("filename_prefix", "STRING", {"default": "ComfyUI"}),
            Input("fps", "FLOAT", {"default": 6.0, "min": 0.01, "max": 1000.0, "step": 0.01}),
            Input("lossless", "BOOLEAN", {"default": True}),
            Input("quality", "INT", {"default": 80, "min": 0, "max": 100}),
            Input("method", one_of(*WEBP_METHODS)),
        ),
        category="image/animation",
        module="comfy_extras.nodes_images",
        output_node=True,
        hidden=HIDDEN,
    ),
)
