"""Hands: too many fingers until somebody works on them, then five with nails."""

from __future__ import annotations

import math
import random

from comfy_stub.painting.canvas import Canvas, Point, shaded
from comfy_stub.painting.palette import Look


def paint_hand(canvas: Canvas, wrist: Point, angle: float, side: int, look: Look, repair: int, seed: int) -> None:
    """A hand that points to `angle` (degrees clockwise from the right); `side` -1 or 1 puts the thumb inside."""
    if repair:
        _clear(canvas, wrist, angle, side, look, random.Random(repair))
    else:
        _rough(canvas, wrist, angle, look, random.Random(seed ^ 0x4A4D ^ side))


def _rough(canvas: Canvas, wrist: Point, angle: float, look: Look, chance: random.Random) -> None:
    palm = _from(wrist, angle, 0.035)
    for _ in range(chance.randrange(6, 9)):
        spread = angle + chance.uniform(-85, 85)
        joint = _from(palm, spread, chance.uniform(0.03, 0.06))
        tip = _from(joint, spread + chance.uniform(-50, 50), chance.uniform(0.015, 0.06))
        canvas.limb([palm, joint, tip], chance.uniform(0.013, 0.028), shaded(look.skin, chance.uniform(0.78, 0.98)))
    canvas.tilted(palm, 0.047, 0.036, angle + chance.uniform(-40, 40), shaded(look.skin, 0.88))


def _clear(canvas: Canvas, wrist: Point, angle: float, side: int, look: Look, chance: random.Random) -> None:
    palm = _from(wrist, angle, 0.036)
    spread, bend = chance.uniform(9, 17), chance.uniform(-14, 14) * side
    nails = chance.choice(((238, 200, 196), (206, 52, 72), (250, 246, 240), (96, 70, 150)))
    outline = shaded(look.skin, 0.62)
    for widen, colour in ((0.005, outline), (0.0, look.skin)):
        for finger, length in enumerate((0.052, 0.062, 0.058, 0.044)):
            direction = angle + (finger - 1.5) * spread * side
            root = _from(palm, angle + (finger - 1.5) * 34 * side, 0.026)
            middle = _from(root, direction, length * 0.55)
            tip = _from(middle, direction + bend, length * 0.5)
            canvas.limb([root, middle, tip], 0.0145 + widen, colour)
            if not widen:
                canvas.tilted(_from(middle, direction + bend, length * 0.5), 0.0062, 0.0046, direction + bend, nails)
        thumb = _from(palm, angle - 62 * side, 0.034)
        canvas.limb(
            [_from(palm, angle - 110 * side, 0.02), thumb, _from(thumb, angle - 30 * side, 0.026)],
            0.0165 + widen,
            colour,
        )
        canvas.tilted(palm, 0.036 + widen / 2, 0.032 + widen / 2, angle, colour)
    for line in (-10, 12):
        canvas.limb(
            [_from(palm, angle + 90 * side, 0.016), _from(palm, angle + line, 0.014)], 0.003, shaded(look.skin, 0.8)
        )
    if chance.random() < 0.6:
        canvas.limb(
            [_from(wrist, angle + 90, 0.02), _from(wrist, angle - 90, 0.02)],
            0.011,
            chance.choice(((232, 190, 84), (70, 190, 190), (214, 74, 90))),
        )


def _from(point: Point, angle: float, distance: float) -> Point:
    turn = math.radians(angle)
    return point[0] + math.cos(turn) * distance, point[1] + math.sin(turn) * distance
