"""Nodes that do to pixels what their names say, as far as Pillow goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from PIL import Image, ImageChops, ImageFilter

from comfy_stub.nodes.definition import Input, NodeClass, NodeContext, NodeResult, one_of
from comfy_stub.painting.noise import with_noise
from comfy_stub.painting.picture import Batch, Picture
from comfy_stub.wire import Json

Values = Mapping[str, Json]

PIXELS_PER_BATCH_MAX = 300_000_000
RESAMPLING = {
    "nearest-exact": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "area": Image.Resampling.BOX,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
BLENDS: dict[str, Callable[[Image.Image, Image.Image], Image.Image]] = {
    "normal": lambda _below, above: above,
    "multiply": ImageChops.multiply,
    "screen": ImageChops.screen,
    "overlay": ImageChops.overlay,
    "soft_light": ImageChops.soft_light,
    "difference": lambda below, above: ImageChops.subtract(below, above),
}
IMAGE = Input("image", "IMAGE")
SIDE = {"default": 512, "min": 0, "max": 16384, "step": 1}


def each(batch: Json, change: Callable[[Image.Image, int], Image.Image]) -> NodeResult:
    """Apply a change to every picture of a batch; the scene a picture shows stays with it."""
    pictures = cast(Batch, batch)
    return NodeResult((tuple(Picture(change(p.image, at), p.scene) for at, p in enumerate(pictures)),))


def empty_image(_context: NodeContext, values: Values) -> NodeResult:
    width, height, batch_size, color = (int(values[name]) for name in ("width", "height", "batch_size", "color"))
    if width * height * batch_size > PIXELS_PER_BATCH_MAX:
        raise RuntimeError(
            "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: "
            f"you tried to allocate {width * height * batch_size * 4} bytes. Error code 12 (Cannot allocate memory)"
        )
    image = Image.new("RGB", (width, height), (color >> 16 & 255, color >> 8 & 255, color & 255))
    return NodeResult((tuple(Picture(image) for _ in range(batch_size)),))


def add_noise(_context: NodeContext, values: Values) -> NodeResult:
    seed, strength = int(values["seed"]), float(values["strength"])
    return each(values["image"], lambda image, place: with_noise(image, f"{seed}/{place}", strength))


def blur(_context: NodeContext, values: Values) -> NodeResult:
    radius, sigma = int(values["blur_radius"]), float(values["sigma"])
    _refuse_padding(values["image"], radius)
    if radius == 0:
        return NodeResult((values["image"],))
    return each(values["image"], lambda image, _: image.filter(ImageFilter.GaussianBlur(min(sigma, radius))))


def sharpen(_context: NodeContext, values: Values) -> NodeResult:
    radius, sigma, alpha = int(values["sharpen_radius"]), float(values["sigma"]), float(values["alpha"])
    _refuse_padding(values["image"], radius)
    if radius == 0:
        return NodeResult((values["image"],))
    mask = ImageFilter.UnsharpMask(radius=min(sigma, radius), percent=round(alpha * 100), threshold=0)
    return each(values["image"], lambda image, _: image.filter(mask))


def blend(_context: NodeContext, values: Values) -> NodeResult:
    above = cast(Batch, values["image2"])
    factor, mode = float(values["blend_factor"]), str(values["blend_mode"])

    def mixed(image: Image.Image, place: int) -> Image.Image:
        other = above[place % len(above)].image
        if other.size != image.size:
            other = other.resize(image.size, Image.Resampling.BICUBIC)
        return Image.blend(image, BLENDS[mode](image, other), factor)

    return each(values["image1"], mixed)


def scale_by(_context: NodeContext, values: Values) -> NodeResult:
    factor, method = float(values["scale_by"]), RESAMPLING[values["upscale_method"]]

    def scaled(image: Image.Image, _place: int) -> Image.Image:
        return image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))), method)

    return each(values["image"], scaled)


def scale(_context: NodeContext, values: Values) -> NodeResult:
    width, height, method = int(values["width"]), int(values["height"]), RESAMPLING[values["upscale_method"]]

    def scaled(image: Image.Image, _place: int) -> Image.Image:
        if width == 0 and height == 0:
            return image
        wanted = (
            width or max(1, round(image.width * height / image.height)),
            height or max(1, round(image.height * width / image.width)),
        )
        if values["crop"] == "center":
            image = _cropped(image, wanted[0] / wanted[1])
        return image.resize(wanted, method)

    return each(values["image"], scaled)


def invert(_context: NodeContext, values: Values) -> NodeResult:
    return each(values["image"], lambda image, _: ImageChops.invert(image))


def _cropped(image: Image.Image, ratio: float) -> Image.Image:
    width, height = image.size
    if width / height > ratio:
        margin = (width - height * ratio) / 2
        return image.crop((round(margin), 0, round(width - margin), height))
    margin = (height - width / ratio) / 2
    return image.crop((0, round(margin), width, round(height - margin)))


def _refuse_padding(batch: Json, radius: int) -> None:
    pictures = cast(Batch, batch)
    width, height = pictures[0].image.size
    if radius >= min(width, height):
        dimension = 3 if radius >= width else 2
        raise RuntimeError(
            "Argument #4: Padding size should be less than the corresponding input dimension, but got: "
            f"padding ({radius}, {radius}) at dimension {dimension} of input [{len(pictures)}, 3, {height}, {width}]"
        )


_FILTERS = "comfy_extras.nodes_post_processing"
_SCALERS = one_of("nearest-exact", "bilinear", "area", "bicubic", "lanczos")
_SIDE_FROM_ONE = {"default": 512, "min": 1, "max": 16384, "step": 1}

NODES = (
    NodeClass(
        "EmptyImage",
        empty_image,
        (
            Input("width", "INT", _SIDE_FROM_ONE),
            Input("height", "INT", _SIDE_FROM_ONE),
            Input("batch_size", "INT", {"default": 1, "min": 1, "max": 4096}),
            Input("color", "INT", {"default": 0, "min": 0, "max": 0xFFFFFF, "step": 1, "display": "color"}),
        ),
        ("IMAGE",),
        weight=0.3,
    ),
    NodeClass(
        "ImageAddNoise",
        add_noise,
        (
            IMAGE,
            Input(
                "seed",
                "INT",
                {
                    "tooltip": "The random seed used for creating the noise.",
                    "default": 0,
                    "min": 0,
                    "max": 0xFFFFFFFFFFFFFFFF,
                    "control_after_generate": True,
                },
            ),
            Input("strength", "FLOAT", {"default": 0.5, "min": 0.0, "max": 1.0, "step": 0.01}),
        ),
        ("IMAGE",),
        module="comfy_extras.nodes_images",
    ),
    NodeClass(
        "ImageBlur",
        blur,
        (
            IMAGE,
            Input("blur_radius", "INT", {"default": 1, "min": 1, "max": 31, "step": 1}),
            Input("sigma", "FLOAT", {"default": 1.0, "min": 0.1, "max": 10.0, "step": 0.1}),
        ),
        ("IMAGE",),
        category="image/postprocessing",
        module=_FILTERS,
    ),
    NodeClass(
        "ImageSharpen",
        sharpen,
        (
            IMAGE,
            Input("sharpen_radius", "INT", {"default": 1, "min": 1, "max": 31, "step": 1}),
            Input("sigma", "FLOAT", {"default": 1.0, "min": 0.1, "max": 10.0, "step": 0.01}),
            Input("alpha", "FLOAT", {"default": 1.0, "min": 0.0, "max": 5.0, "step": 0.01}),
        ),
        ("IMAGE",),
        category="image/postprocessing",
        module=_FILTERS,
    ),
    NodeClass(
        "ImageBlend",
        blend,
        (
            Input("image1", "IMAGE"),
            Input("image2", "IMAGE"),
            Input("blend_factor", "FLOAT", {"default": 0.5, "min": 0.0, "max": 1.0, "step": 0.01}),
            Input("blend_mode", one_of(*BLENDS)),
        ),
        ("IMAGE",),
        category="image/postprocessing",
        module=_FILTERS,
    ),
    NodeClass(
        "ImageScaleBy",
        scale_by,
        (
            IMAGE,
            Input("upscale_method", _SCALERS),
            Input("scale_by", "FLOAT", {"default": 1.0, "min": 0.01, "max": 8.0, "step": 0.01}),
        ),
        ("IMAGE",),
        display_name="Upscale Image By",
        category="image/upscaling",
    ),
    NodeClass(
        "ImageScale",
        scale,
        (
            IMAGE,
            Input("upscale_method", _SCALERS),
            Input("width", "INT", SIDE),
            Input("height", "INT", SIDE),
            Input("crop", one_of("disabled", "center")),
        ),
        ("IMAGE",),
        display_name="Upscale Image",
        category="image/upscaling",
    ),
    NodeClass("ImageInvert", invert, (IMAGE,), ("IMAGE",), display_name="Invert Image"),
)
