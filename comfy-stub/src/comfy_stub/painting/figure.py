"""The figure in the middle: hair, head, clothes and arms; face and hands have modules of their own."""

from __future__ import annotations

import math

from comfy_stub.painting.canvas import Canvas, Point, mixed, shaded
from comfy_stub.painting.face import paint_face
from comfy_stub.painting.hand import paint_hand
from comfy_stub.painting.palette import Look
from comfy_stub.painting.scene import Scene

HEAD_RADIUS = 0.115
SHOULDER = 0.175
ARM_WIDTH = 0.062
POSES: tuple[tuple[tuple[Point, Point], tuple[Point, Point]], ...] = (
    (((-0.235, 0.68), (-0.225, 0.84)), ((0.255, 0.5), (0.305, 0.32))),
    (((-0.27, 0.64), (-0.21, 0.78)), ((0.27, 0.64), (0.21, 0.78))),
    (((-0.3, 0.52), (-0.33, 0.34)), ((0.3, 0.52), (0.33, 0.34))),
    (((-0.23, 0.69), (-0.08, 0.74)), ((0.25, 0.66), (0.24, 0.84))),
)
"""For each pose elbow and wrist of both arms, measured from the middle of the figure."""


def paint_figure(canvas: Canvas, scene: Scene, look: Look) -> None:
    x = look.shift
    head: Point = (x + look.lean, 0.3)
    _hair_behind(canvas, head, look)
    _body(canvas, x, look)
    canvas.limb([(x, 0.47), (head[0], head[1] + 0.06)], 0.082, shaded(look.skin, 0.84))
    canvas.ellipse(head, HEAD_RADIUS * 0.9, HEAD_RADIUS * 1.08, look.skin)
    for side in (-1, 1):
        canvas.ellipse((head[0] + side * HEAD_RADIUS * 0.9, head[1] + 0.012), 0.017, 0.026, shaded(look.skin, 0.9))
    paint_face(canvas, (head[0], head[1] + 0.012), HEAD_RADIUS * 0.9, look, scene.face, scene.seed)
    _hair_in_front(canvas, head, look)
    for side, (elbow, wrist) in zip((-1, 1), POSES[look.pose], strict=True):
        _arm(canvas, scene, look, side, (x + elbow[0], elbow[1]), (x + wrist[0], wrist[1]))


def _body(canvas: Canvas, x: float, look: Look) -> None:
    waist, bottom = 0.13, canvas.height + 0.02
    shape = [
        (x - SHOULDER, 0.51), (x - 0.12, 0.47), (x - 0.05, 0.452), (x + 0.05, 0.452), (x + 0.12, 0.47),
        (x + SHOULDER, 0.51), (x + SHOULDER - 0.02, 0.62), (x + waist, 0.76), (x + 0.17, bottom),
        (x - 0.17, bottom), (x - waist, 0.76), (x - SHOULDER + 0.02, 0.62),
    ]  # fmt: skip
    canvas.polygon(shape, look.clothes)
    canvas.polygon(
        [(x + 0.03, 0.46), (x + SHOULDER, 0.51), (x + waist, 0.76), (x + 0.17, bottom), (x + 0.06, bottom)],
        shaded(look.clothes, 0.86),
    )
    canvas.polygon(
        [(x - waist, 0.755), (x + waist, 0.755), (x + waist + 0.004, 0.785), (x - waist - 0.004, 0.785)], look.trim
    )
    canvas.polygon(
        [(x - waist - 0.004, 0.785), (x + waist + 0.004, 0.785), (x + 0.175, bottom), (x - 0.175, bottom)],
        shaded(look.trim, 0.62),
    )
    canvas.arc((x, 0.452), 0.062, 0.045, 0, 180, look.trim, 0.014)


def _arm(canvas: Canvas, scene: Scene, look: Look, side: int, elbow: Point, wrist: Point) -> None:
    shoulder = (look.shift + side * (SHOULDER - 0.025), 0.525)
    canvas.limb([elbow, wrist], ARM_WIDTH * 0.72, shaded(look.skin, 0.93))
    canvas.limb([shoulder, elbow], ARM_WIDTH, shaded(look.clothes, 0.93))
    angle = math.degrees(math.atan2(wrist[1] - elbow[1], wrist[0] - elbow[0]))
    paint_hand(canvas, wrist, angle, side if wrist[1] > elbow[1] else -side, look, scene.hands, scene.seed)


def _hair_behind(canvas: Canvas, head: Point, look: Look) -> None:
    x, y = head
    dark = shaded(look.hair, 0.78)
    match look.hair_style:
        case 1:
            canvas.ellipse((x, y + 0.03), 0.145, 0.16, dark)
        case 2:
            canvas.ellipse((x, y), 0.14, 0.15, dark)
            canvas.box(x - 0.14, y, x + 0.14, y + 0.3, dark, 0.05)
        case 3:
            canvas.ellipse((x, y - 0.15), 0.052, 0.052, look.hair)
            canvas.ellipse((x, y - 0.02), 0.122, 0.125, dark)
        case 4:
            for step in range(11):
                angle = math.pi * (0.9 + step * 0.12)
                canvas.ellipse((x + 0.115 * math.cos(angle), y - 0.01 + 0.125 * math.sin(angle)), 0.045, 0.045, dark)
        case _:
            canvas.ellipse((x, y - 0.03), 0.118, 0.11, dark)


def _hair_in_front(canvas: Canvas, head: Point, look: Look) -> None:
    x, y = head
    shine = mixed(look.hair, (255, 240, 220), 0.22)
    fringe = [
        (x - 0.108, y - 0.005),
        (x - 0.1, y - 0.08),
        (x - 0.05, y - 0.128),
        (x + 0.02, y - 0.136),
        (x + 0.085, y - 0.1),
        (x + 0.108, y - 0.005),
    ]
    parting = {0: 0.05, 1: -0.03, 2: 0.0, 3: 0.03, 4: -0.06}[look.hair_style]
    canvas.polygon([*fringe, (x + 0.085, y - 0.05), (x + parting, y - 0.078), (x - 0.082, y - 0.045)], look.hair)
    canvas.arc((x, y - 0.02), 0.088, 0.1, 215, 285, shine, 0.009)
