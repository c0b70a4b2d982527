"""The face: crooked until somebody works on it, then clear and different with every repair."""

from __future__ import annotations

import random

from comfy_stub.painting.canvas import Canvas, Point, mixed, shaded
from comfy_stub.painting.palette import EYES, Look

WHITE = (250, 248, 244)
INK = (46, 30, 34)


def paint_face(canvas: Canvas, centre: Point, size: float, look: Look, repair: int, seed: int) -> None:
    """Features on a head of radius `size`; `repair` 0 is the first, rough attempt."""
    if repair:
        _clear(canvas, centre, size, look, random.Random(repair))
    else:
        _rough(canvas, centre, size, look, random.Random(seed ^ 0xFACE))


def _rough(canvas: Canvas, centre: Point, size: float, look: Look, chance: random.Random) -> None:
    x, y = centre
    dark = shaded(look.skin, 0.45)
    for side in (-1, 1):
        eye = (x + side * size * chance.uniform(0.26, 0.5), y + size * chance.uniform(-0.22, 0.12))
        reach = size * chance.uniform(0.09, 0.2)
        canvas.tilted(eye, reach * 1.35, reach, chance.uniform(-30, 30), mixed(WHITE, look.skin, 0.35))
        pupil = (eye[0] + reach * chance.uniform(-0.6, 0.6), eye[1] + reach * chance.uniform(-0.4, 0.4))
        canvas.ellipse(pupil, reach * 0.55, reach * 0.5, dark)
    nose = x + size * chance.uniform(-0.14, 0.14)
    canvas.limb(
        [(nose, y - size * 0.05), (nose + size * chance.uniform(-0.12, 0.12), y + size * 0.26)],
        size * 0.07,
        shaded(look.skin, 0.82),
    )
    mouth = (x + size * chance.uniform(-0.14, 0.14), y + size * chance.uniform(0.46, 0.58))
    canvas.tilted(
        mouth,
        size * chance.uniform(0.18, 0.32),
        size * chance.uniform(0.05, 0.12),
        chance.uniform(-24, 24),
        mixed(dark, (170, 60, 60), 0.4),
    )
    canvas.glow((x + size * chance.uniform(-0.4, 0.4), y + size * 0.2), size * 0.6, shaded(look.skin, 0.8), 0.6)


def _clear(canvas: Canvas, centre: Point, size: float, look: Look, chance: random.Random) -> None:
    x, y = centre
    canvas.glow((x - size * 0.3, y - size * 0.3), size * 0.75, shaded(look.skin, 1.25), 0.45)
    blush = mixed(look.skin, (232, 84, 92), chance.uniform(0.25, 0.5))
    iris, lids = chance.choice(EYES), shaded(look.hair, 0.7)
    open_wide = chance.uniform(0.85, 1.15)
    for side in (-1, 1):
        canvas.glow((x + side * size * 0.5, y + size * 0.3), size * 0.3, blush, 0.8)
        eye = (x + side * size * 0.37, y - size * 0.03)
        canvas.ellipse(eye, size * 0.2, size * 0.13 * open_wide, WHITE)
        canvas.ellipse(eye, size * 0.115, size * 0.125 * open_wide, iris)
        canvas.ellipse(eye, size * 0.06, size * 0.07 * open_wide, INK)
        canvas.ellipse((eye[0] - size * 0.04, eye[1] - size * 0.05), size * 0.032, size * 0.032, WHITE)
        canvas.arc(eye, size * 0.215, size * 0.15 * open_wide, 195, 345, lids, size * 0.045)
        lift = size * chance.uniform(0.26, 0.34)
        canvas.arc((eye[0], eye[1] - lift + size * 0.12), size * 0.24, size * 0.16, 210, 330, look.hair, size * 0.055)
    canvas.arc((x, y + size * 0.2), size * 0.09, size * 0.07, 20, 160, shaded(look.skin, 0.72), size * 0.035)
    _mouth(canvas, (x, y + size * 0.44), size, chance)
    if chance.random() < 0.4:
        for _ in range(14):
            spot = (x + size * chance.uniform(-0.55, 0.55), y + size * chance.uniform(0.12, 0.32))
            canvas.ellipse(spot, size * 0.016, size * 0.016, shaded(look.skin, 0.78))


def _mouth(canvas: Canvas, centre: Point, size: float, chance: random.Random) -> None:
    lips = chance.choice(((190, 66, 72), (206, 90, 100), (160, 60, 74), (216, 112, 92)))
    x, y = centre
    match chance.randrange(3):
        case 0:
            canvas.arc((x, y - size * 0.1), size * 0.3, size * 0.24, 20, 160, lips, size * 0.06)
        case 1:
            bow = [
                (x - size * 0.28, y - size * 0.02),
                (x + size * 0.28, y - size * 0.02),
                (x + size * 0.16, y + size * 0.15),
                (x, y + size * 0.19),
                (x - size * 0.16, y + size * 0.15),
            ]
            canvas.polygon(bow, lips)
            canvas.box(x - size * 0.2, y - size * 0.01, x + size * 0.2, y + size * 0.06, WHITE, size * 0.02)
        case _:
            canvas.ellipse((x, y + size * 0.05), size * 0.2, size * 0.055, lips)
            canvas.limb(
                [(x - size * 0.2, y + size * 0.04), (x, y + size * 0.055), (x + size * 0.2, y + size * 0.04)],
                size * 0.022,
                shaded(lips, 0.6),
            )
