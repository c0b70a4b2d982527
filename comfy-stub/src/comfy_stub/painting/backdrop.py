"""What is behind the figure: sky, light, and one of five settings."""

from __future__ import annotations

import math
import random

from comfy_stub.painting.canvas import Canvas, Colour, Point, mixed, shaded
from comfy_stub.painting.palette import Palette
from comfy_stub.painting.scene import Scene

HORIZON = 0.62


def paint_backdrop(canvas: Canvas, scene: Scene, palette: Palette) -> None:
    chance = random.Random(scene.seed ^ 0xBACD)
    if scene.setting == "indoors":
        _room(canvas, chance, palette)
        return
    canvas.gradient(palette.sky, 0, canvas.height * 0.8)
    _lights(canvas, chance, scene, palette)
    match scene.setting:
        case "hills":
            _hills(canvas, chance, palette)
        case "sea":
            _sea(canvas, chance, palette)
        case "city":
            _city(canvas, chance, palette, lit=scene.hour > 0)
        case "forest":
            _forest(canvas, chance, palette)


def _lights(canvas: Canvas, chance: random.Random, scene: Scene, palette: Palette) -> None:
    place: Point = (chance.choice((-1, 1)) * chance.uniform(0.2, 0.42), chance.uniform(0.1, 0.34))
    if scene.hour == 2:
        for _ in range(70):
            size = chance.uniform(0.001, 0.0035)
            canvas.ellipse((chance.uniform(-0.5, 0.5) * canvas.width, chance.uniform(0, 0.55)), size, size, palette.sun)
    canvas.glow(place, 0.42, palette.sun, 0.75)
    canvas.ellipse(place, 0.06, 0.06, palette.sun)
    if scene.hour == 2:
        canvas.ellipse((place[0] + 0.024, place[1] - 0.012), 0.052, 0.052, mixed(palette.sky[0], palette.sky[1], 0.5))
        return
    for _ in range(chance.randrange(2, 5)):
        _cloud(canvas, chance, mixed(palette.sky[2], (255, 255, 255), 0.55))


def _cloud(canvas: Canvas, chance: random.Random, colour: Colour) -> None:
    x, y = chance.uniform(-0.5, 0.5) * canvas.width, chance.uniform(0.06, 0.36)
    for step in range(5):
        size = 0.03 + 0.022 * math.sin(step * math.pi / 4) * chance.uniform(0.7, 1.4)
        canvas.ellipse((x + (step - 2) * 0.042, y - size * 0.4), size * 1.3, size, colour)


def _ridge(canvas: Canvas, chance: random.Random, height: float, swing: float, colour: Colour) -> None:
    phase, pace = chance.uniform(0, math.tau), chance.uniform(3, 7)
    half = canvas.width / 2
    points: list[Point] = []
    for step in range(33):
        x = -half + canvas.width * step / 32
        points.append((x, height + swing * (math.sin(x * pace + phase) + 0.4 * math.sin(x * pace * 2.7 + phase * 2))))
    canvas.polygon([*points, (half, canvas.height), (-half, canvas.height)], colour)


def _hills(canvas: Canvas, chance: random.Random, palette: Palette) -> None:
    for layer in range(4):
        share = layer / 3
        _ridge(
            canvas,
            chance,
            HORIZON - 0.12 + 0.11 * layer,
            0.055 - 0.008 * layer,
            mixed(palette.far, palette.near, share),
        )
    for _ in range(26):
        x, y = chance.uniform(-0.5, 0.5) * canvas.width, chance.uniform(0.88, canvas.height)
        canvas.ellipse((x, y), 0.006, 0.006, palette.accent)


def _sea(canvas: Canvas, chance: random.Random, palette: Palette) -> None:
    deep = mixed(palette.sky[0], palette.near, 0.35)
    canvas.gradient((mixed(palette.sky[2], palette.far, 0.4), deep, shaded(deep, 0.7)), HORIZON - 0.08, canvas.height)
    for _ in range(46):
        y = chance.uniform(HORIZON - 0.06, 0.86)
        x, length = chance.uniform(-0.5, 0.5) * canvas.width, 0.02 + 0.16 * (y - 0.5) * chance.random()
        canvas.limb([(x, y), (x + length, y)], 0.003, mixed(palette.sun, deep, 0.45))
    x = chance.choice((-1, 1)) * chance.uniform(0.28, 0.4)
    canvas.polygon(
        [(x - 0.05, 0.555), (x + 0.05, 0.555), (x + 0.035, 0.58), (x - 0.035, 0.58)], shaded(palette.near, 0.8)
    )
    canvas.polygon([(x, 0.44), (x, 0.548), (x + 0.05, 0.548)], shaded(palette.accent, 1.3))
    sand = mixed(palette.sky[2], (214, 178, 120), 0.6)
    _ridge(canvas, chance, 0.88, 0.016, shaded(sand, 0.9))


def _city(canvas: Canvas, chance: random.Random, palette: Palette, *, lit: bool) -> None:
    for layer in range(3):
        colour = mixed(palette.far, palette.near, layer / 2)
        x = -canvas.width / 2
        while x < canvas.width / 2:
            width = chance.uniform(0.07, 0.14)
            top = chance.uniform(0.26, 0.5) + layer * 0.1
            canvas.box(x, top, x + width, canvas.height, colour)
            if layer == 2 or lit:
                _windows(canvas, chance, (x, top), width, mixed(colour, palette.accent, 0.75 if lit else 0.25))
            x += width * chance.uniform(0.95, 1.3)
    canvas.gradient((shaded(palette.near, 0.85), shaded(palette.near, 0.6)), 0.88, canvas.height)


def _windows(canvas: Canvas, chance: random.Random, corner: Point, width: float, colour: Colour) -> None:
    y = corner[1] + 0.03
    while y < 0.86:
        x = corner[0] + 0.014
        while x < corner[0] + width - 0.02:
            if chance.random() < 0.45:
                canvas.box(x, y, x + 0.011, y + 0.018, colour)
            x += 0.024
        y += 0.036


def _forest(canvas: Canvas, chance: random.Random, palette: Palette) -> None:
    _ridge(canvas, chance, HORIZON - 0.08, 0.03, palette.far)
    for layer in range(3):
        leaf = mixed(palette.far, palette.near, 0.3 + layer * 0.35)
        autumn = chance.random() < 0.3
        for _ in range(9 - layer * 2):
            x = chance.uniform(-0.52, 0.52) * canvas.width
            foot, tall = HORIZON + 0.05 + layer * 0.1, chance.uniform(0.26, 0.42) + layer * 0.05
            canvas.limb([(x, foot), (x, foot - tall * 0.6)], 0.014 + layer * 0.004, mixed((70, 46, 36), leaf, 0.2))
            crown = mixed(leaf, palette.accent, 0.5) if autumn and chance.random() < 0.5 else leaf
            for part in range(3):
                reach = (0.085 - part * 0.02) * (1 + layer * 0.15)
                y = foot - tall * (0.45 + part * 0.24)
                canvas.polygon(
                    [(x - reach, y + 0.05), (x + reach, y + 0.05), (x, y - 0.09)], shaded(crown, 0.9 + part * 0.08)
                )
        _ridge(canvas, chance, HORIZON + 0.06 + layer * 0.1, 0.012, leaf)


def _room(canvas: Canvas, chance: random.Random, palette: Palette) -> None:
    wall = mixed(palette.sky[1], palette.accent, chance.uniform(0.1, 0.35))
    canvas.gradient((shaded(wall, 1.12), wall, shaded(wall, 0.78)), 0, 0.8)
    floor = mixed((150, 104, 72), palette.near, 0.3)
    canvas.gradient((floor, shaded(floor, 0.7)), 0.78, canvas.height)
    canvas.box(-canvas.width / 2, 0.765, canvas.width / 2, 0.785, shaded(wall, 0.6))
    side = chance.choice((-1, 1))
    left = side * 0.3 - 0.13
    canvas.box(left - 0.015, 0.115, left + 0.275, 0.495, shaded(wall, 0.55))
    for row in range(2):
        for column in range(2):
            x, y = left + column * 0.135, 0.13 + row * 0.18
            canvas.box(x, y, x + 0.125, y + 0.17, mixed(palette.sky[0], palette.sky[2], 0.3 + row * 0.5))
    canvas.glow((left + 0.13, 0.3), 0.5, palette.sun, 0.35)
    _rack(canvas, chance, -side * 0.34, palette)


def _rack(canvas: Canvas, chance: random.Random, x: float, palette: Palette) -> None:
    """A shelf of weights: the room is a gym as often as not."""
    metal = shaded(palette.near, 0.7)
    for y in (0.5, 0.62, 0.74):
        canvas.box(x - 0.14, y, x + 0.14, y + 0.012, metal)
        for place in range(4):
            centre = x - 0.105 + place * 0.07
            size = chance.uniform(0.018, 0.028)
            canvas.box(centre - 0.02, y - size - 0.005, centre + 0.02, y - size + 0.005, shaded(metal, 1.3))
            for end in (-0.02, 0.02):
                canvas.box(
                    centre + end - 0.009,
                    y - size * 2,
                    centre + end + 0.009,
                    y,
                    mixed(metal, palette.accent, 0.6),
                    0.004,
                )
