"""A KSampler that paints instead of diffusing, and an upscaler that paints once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PIL import Image, ImageFilter

from comfy_stub.nodes.definition import Input, NodeClass, NodeContext, NodeResult, one_of
from comfy_stub.painting.painter import painted
from comfy_stub.painting.picture import Batch, Latent, Picture
from comfy_stub.painting.retouch import retouched
from comfy_stub.painting.scene import hinted_repair, imagined
from comfy_stub.wire import Json, JsonObject

Values = Mapping[str, Json]

PREVIEW_SIDE_MAX = 256
TICKS_MAX = 40
PREVIEWS = 4
SAMPLERS = (
    "euler", "euler_cfg_pp", "euler_ancestral", "euler_ancestral_cfg_pp", "heun", "dpm_2", "dpm_2_ancestral", "lms",
    "dpmpp_2s_ancestral", "dpmpp_sde", "dpmpp_2m", "dpmpp_2m_sde", "dpmpp_3m_sde", "ddim", "uni_pc", "lcm",
)  # fmt: skip
SCHEDULERS = ("simple", "sgm_uniform", "karras", "exponential", "ddim_uniform", "beta", "normal")


def upscale_with_model(context: NodeContext, values: Values) -> NodeResult:
    """Twice or four times the size; what the stand-in painted is painted again, with the detail of the larger size."""
    factor = 4 if "4x" in str(values["upscale_model"]) else 2
    pictures = cast(Batch, values["image"])
    grown: list[Picture] = []
    for at, picture in enumerate(pictures):
        size = (picture.image.width * factor, picture.image.height * factor)
        grown.append(Picture(_enlarged(picture, size), picture.scene))
        context.progress(at + 1, len(pictures))
    return NodeResult((tuple(grown),))


def sample(context: NodeContext, values: Values) -> NodeResult:
    latent = cast(Latent, values["latent_image"])
    seed, denoise = int(values["seed"]), float(values["denoise"])
    positive, model = str(values["positive"]), str(values["model"])
    finished = tuple(
        _invented(f"{model}|{positive}", seed, at, picture.image.size)
        if latent.empty or denoise >= 1.0
        else _reworked(picture, _hints(context, positive), seed + at, denoise)
        for at, picture in enumerate(latent.pictures)
    )
    ticks = min(int(values["steps"]), TICKS_MAX)
    every = max(1, ticks // PREVIEWS)
    small = _reduced(finished[0].image)
    for tick in range(1, ticks + 1):
        context.progress(tick, ticks, _forming(small, tick / ticks) if tick % every == 0 else None)
    return NodeResult((Latent(finished),))


def _invented(prompt: str, seed: int, place: int, size: tuple[int, int]) -> Picture:
    scene = imagined(prompt, seed, place)
    return Picture(painted(scene, size), scene)


def _reworked(picture: Picture, hints: list[str], seed: int, denoise: float) -> Picture:
    if denoise <= 0:
        return picture
    part = hinted_repair(hints)
    if picture.scene is None:
        return Picture(retouched(picture.image, part, seed, denoise))
    scene = picture.scene.repaired(part, seed)
    return Picture(painted(scene, picture.image.size), scene)


def _hints(context: NodeContext, positive: str) -> list[str]:
    own: JsonObject = context.prompt[context.node_id]
    titles = [str(node.get("_meta", {}).get("title", "")) for node in context.prompt.values()]
    prefixes = [str(node["inputs"].get("filename_prefix", "")) for node in context.prompt.values()]
    return [str(own.get("_meta", {}).get("title", "")), *titles, *prefixes, positive]


def _reduced(image: Image.Image) -> Image.Image:
    factor = -(-max(image.size) // PREVIEW_SIDE_MAX)
    return image.reduce(factor)


def _forming(image: Image.Image, done: float) -> Image.Image:
    """What a sampler shows on its way: blurred at first, clear at the end."""
    return image.filter(ImageFilter.BoxBlur((1 - done) * 14))


def _enlarged(picture: Picture, size: tuple[int, int]) -> Image.Image:
    smooth = picture.image.resize(size, Image.Resampling.LANCZOS)
    sharp = smooth.filter(ImageFilter.UnsharpMask(radius=2, percent=110, threshold=1))
    if picture.scene is None:
        return sharp
    return Image.blend(sharp, painted(picture.scene, size), 0.75)


_SEED = {"default": 0, "min": 0, "max": 0xFFFFFFFFFFFFFFFF, "control_after_generate": True}

NODES = (
    NodeClass(
        "KSampler",
        sample,
        (
            Input("model", "MODEL", {"tooltip": "The model used for denoising the input latent."}),
            Input("seed", "INT", {**_SEED, "tooltip": "The random seed used for creating the noise."}),
            Input("steps", "INT", {"default": 20, "min": 1, "max": 10000}),
            Input("cfg", "FLOAT", {"default": 8.0, "min": 0.0, "max": 100.0, "step": 0.1, "round": 0.01}),
            Input("sampler_name", one_of(*SAMPLERS)),
            Input("scheduler", one_of(*SCHEDULERS)),
            Input("positive", "CONDITIONING"),
            Input("negative", "CONDITIONING"),
            Input("latent_image", "LATENT"),
            Input("denoise", "FLOAT", {"default": 1.0, "min": 0.0, "max": 1.0, "step": 0.01}),
        ),
        ("LATENT",),
        category="sampling",
        weight=8.0,
    ),
    NodeClass(
        "ImageUpscaleWithModel",
        upscale_with_model,
        (Input("upscale_model", "UPSCALE_MODEL"), Input("image", "IMAGE")),
        ("IMAGE",),
        display_name="Upscale Image (using Model)",
        category="image/upscaling",
        module="comfy_extras.nodes_upscale_model",
        weight=6.0,
    ),
)
