"""What a sampler does to a picture the stand-in did not paint: visible, different by seed, composition kept."""

from __future__ import annotations

import random

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from comfy_stub.painting.noise import with_noise
from comfy_stub.painting.scene import Repair

_FOCUS: dict[Repair, tuple[float, float, float, float]] = {
    "face": (0.32, 0.12, 0.68, 0.48),
    "hands": (0.2, 0.55, 0.8, 0.9),
    "finish": (0.0, 0.0, 1.0, 1.0),
}


def retouched(image: Image.Image, part: Repair, seed: int, strength: float) -> Image.Image:
    """Work on the part of the picture where a face or hands usually are; `strength` from 0 to 1."""
    chance = random.Random(f"{part}/{seed}")
    warmth = chance.uniform(-1, 1)
    worked = ImageEnhance.Color(image).enhance(1 + 0.6 * strength * chance.uniform(0.3, 1))
    worked = ImageEnhance.Contrast(worked).enhance(1 + 0.35 * strength)
    tint = (255, 190, 120) if warmth > 0 else (120, 180, 255)
    worked = Image.blend(worked, Image.new("RGB", image.size, tint), abs(warmth) * 0.22 * strength)
    worked = worked.filter(ImageFilter.UnsharpMask(radius=2, percent=round(160 * strength), threshold=2))
    worked = with_noise(worked, f"{part}/{seed}", 0.12 * strength)
    return Image.composite(worked, image, _focus(image.size, part))


def _focus(size: tuple[int, int], part: Repair) -> Image.Image:
    left, top, right, bottom = _FOCUS[part]
    width, height = size
    mask = Image.new("L", size, 60 if part != "finish" else 255)
    ImageDraw.Draw(mask).ellipse((left * width, top * height, right * width, bottom * height), fill=255)
    return mask.filter(ImageFilter.BoxBlur(max(size) / 40)) if part != "finish" else mask
