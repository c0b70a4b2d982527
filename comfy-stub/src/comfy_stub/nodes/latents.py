"""Latents: empty ones, pictures turned into them and back, and their sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PIL import Image

from comfy_stub.nodes.definition import Input, NodeClass, NodeContext, NodeResult, one_of
from comfy_stub.nodes.pixels import RESAMPLING
from comfy_stub.painting.picture import Batch, Latent, Picture
from comfy_stub.wire import Json

Values = Mapping[str, Json]

LATENT_METHODS = {
    "nearest-exact": "nearest-exact",
    "bilinear": "bilinear",
    "area": "area",
    "bicubic": "bicubic",
    "bislerp": "lanczos",
}
LATENT_SIDE = {"default": 512, "min": 0, "max": 16384, "step": 8}


def empty_latent(_context: NodeContext, values: Values) -> NodeResult:
    blank = Picture(Image.new("RGB", (int(values["width"]), int(values["height"])), (110, 110, 116)))
    return NodeResult((Latent((blank,) * int(values["batch_size"]), empty=True),))


def encode_image(_context: NodeContext, values: Values) -> NodeResult:
    pictures = cast(Batch, values["pixels"])
    return NodeResult((Latent(tuple(Picture(_trimmed(p.image), p.scene) for p in pictures)),))


def decode_latent(_context: NodeContext, values: Values) -> NodeResult:
    return NodeResult((cast(Latent, values["samples"]).pictures,))


def upscale_latent(_context: NodeContext, values: Values) -> NodeResult:
    return NodeResult((_resized(values, int(values["width"]), int(values["height"])),))


def upscale_latent_by(_context: NodeContext, values: Values) -> NodeResult:
    width, height = cast(Latent, values["samples"]).pictures[0].image.size
    factor = float(values["scale_by"])
    return NodeResult((_resized(values, round(width * factor), round(height * factor)),))


def _resized(values: Values, width: int, height: int) -> Latent:
    latent = cast(Latent, values["samples"])
    method = RESAMPLING[LATENT_METHODS[values["upscale_method"]]]
    pictures = tuple(
        Picture(p.image.resize((width or p.image.width, height or p.image.height), method), p.scene)
        for p in latent.pictures
    )
    return Latent(pictures, latent.empty)


def _trimmed(image: Image.Image) -> Image.Image:
    """A latent has one cell for eight pixels: what does not fill a cell is cut off."""
    width, height = max(8, image.width // 8 * 8), max(8, image.height // 8 * 8)
    return image if image.size == (width, height) else image.crop((0, 0, width, height))


_SIDE = {"default": 512, "min": 16, "max": 16384, "step": 8}

NODES = (
    NodeClass(
        "EmptyLatentImage",
        empty_latent,
        (
            Input("width", "INT", _SIDE),
            Input("height", "INT", _SIDE),
            Input("batch_size", "INT", {"default": 1, "min": 1, "max": 4096}),
        ),
        ("LATENT",),
        display_name="Empty Latent Image",
        category="latent",
        weight=0.1,
    ),
    NodeClass(
        "VAEEncode",
        encode_image,
        (Input("pixels", "IMAGE"), Input("vae", "VAE")),
        ("LATENT",),
        display_name="VAE Encode",
        category="latent",
        weight=0.5,
    ),
    NodeClass(
        "VAEDecode",
        decode_latent,
        (Input("samples", "LATENT"), Input("vae", "VAE")),
        ("IMAGE",),
        display_name="VAE Decode",
        category="latent",
        weight=0.5,
    ),
    NodeClass(
        "LatentUpscale",
        upscale_latent,
        (
            Input("samples", "LATENT"),
            Input("upscale_method", one_of(*LATENT_METHODS)),
            Input("width", "INT", LATENT_SIDE),
            Input("height", "INT", LATENT_SIDE),
            Input("crop", one_of("disabled", "center")),
        ),
        ("LATENT",),
        display_name="Upscale Latent",
        category="latent",
        weight=0.3,
    ),
    NodeClass(
        "LatentUpscaleBy",
        upscale_latent_by,
        (
            Input("samples", "LATENT"),
            Input("upscale_method", one_of(*LATENT_METHODS)),
            Input("scale_by", "FLOAT", {"default": 1.5, "min": 0.01, "max": 8.0, "step": 0.01}),
        ),
        ("LATENT",),
        display_name="Upscale Latent By",
        category="latent",
        weight=0.3,
    ),
)
