"""From a scene to pixels: backdrop, figure, and the light of the last sampler over both."""

from __future__ import annotations

import random

from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from comfy_stub.painting.backdrop import paint_backdrop
from comfy_stub.painting.canvas import Canvas, mixed
from comfy_stub.painting.figure import paint_figure
from comfy_stub.painting.palette import look_of, palette_of
from comfy_stub.painting.scene import Scene

LIGHTS = ((255, 196, 120), (255, 226, 190), (150, 200, 255), (255, 160, 170), (190, 255, 214))


def painted(scene: Scene, size: tuple[int, int]) -> Image.Image:
    """Equal scenes and sizes give equal pixels."""
    canvas = Canvas(size)
    palette, look = palette_of(scene), look_of(scene)
    paint_backdrop(canvas, scene, palette)
    canvas.glow((look.shift, canvas.height), 0.5, mixed(palette.near, (0, 0, 0), 0.5), 0.6)
    paint_figure(canvas, scene, look)
    if scene.finish:
        _light(canvas, random.Random(scene.finish))
    image = canvas.finished()
    if palette.ambient < 1:
        image = ImageEnhance.Brightness(image).enhance(palette.ambient)
    return _finished(image, scene.finish) if scene.finish else image


def _light(canvas: Canvas, chance: random.Random) -> None:
    colour = chance.choice(LIGHTS)
    corner = (chance.choice((-0.5, 0.5)) * canvas.width, chance.uniform(0, 0.25))
    canvas.glow(corner, 0.8, colour, 0.55)
    for _ in range(16):
        spot = (chance.uniform(-0.5, 0.5) * canvas.width, chance.uniform(0, canvas.height))
        canvas.glow(spot, chance.uniform(0.01, 0.05), colour, 0.5)


def _finished(image: Image.Image, seed: int) -> Image.Image:
    """More contrast and colour, a sharper drawing, darker corners: what a second pass over a picture looks like."""
    chance = random.Random(seed)
    image = ImageEnhance.Color(image).enhance(chance.uniform(1.05, 1.35))
    image = ImageEnhance.Contrast(image).enhance(chance.uniform(1.02, 1.14))
    image = image.filter(ImageFilter.DETAIL)
    vignette = Image.radial_gradient("L").point([255 - max(0, level - 110) // 2 for level in range(256)])
    shade = vignette.resize(image.size, Image.Resampling.BILINEAR)
    return ImageChops.multiply(image, Image.merge("RGB", (shade, shade, shade)))
