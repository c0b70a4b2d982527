"""A drawing surface measured in parts of the picture's shorter side, so that one scene fits every size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]

OVERSAMPLED_SIDE_MAX = 640
EDGE_LEVEL = 180
"""What Pillow's radial gradient reaches at the middle of an edge; only its corners are 255."""


@cache
def _falloff(strength: float) -> Image.Image:
    """Light around a point: `strength` in the middle, nothing at the middle of each edge."""
    levels = [round(max(0.0, 1 - level / EDGE_LEVEL) ** 2 * 255 * strength) for level in range(256)]
    return Image.radial_gradient("L").reduce(4).point(levels)


class Canvas:
    """`(0, 0)` is the top centre of the picture; small pictures are drawn twice as large and reduced at the end."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._factor = 2 if max(size) <= OVERSAMPLED_SIDE_MAX else 1
        self.unit = min(size) * self._factor
        self.width = size[0] * self._factor / self.unit
        self.height = size[1] * self._factor / self.unit
        self.image = Image.new("RGB", (size[0] * self._factor, size[1] * self._factor))
        self._draw = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """The picture with its edges smoothed."""
        return self.image.filter(ImageFilter.SMOOTH) if self._factor == 1 else self.image.reduce(self._factor)

    def gradient(self, stops: Sequence[Colour], top: float, bottom: float) -> None:
        """Fill a band across the picture with colours from top to bottom."""
        column = Image.new("RGB", (1, len(stops)))
        column.putdata(list(stops))
        first, last = round(top * self.unit), round(bottom * self.unit)
        if last > first:
            band = column.resize((1, last - first), Image.Resampling.BICUBIC)
            self.image.paste(band.resize((self.image.width, last - first), Image.Resampling.NEAREST), (0, first))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float) -> None:
        """A soft light that fades to nothing at `radius`."""
        side = max(2, round(radius * 2 * self.unit))
        x, y = self._at(centre)
        mask = _falloff(strength).resize((side, side), Image.Resampling.BILINEAR)
        self.image.paste(colour, (round(x - side / 2), round(y - side / 2)), mask)

    def ellipse(self, centre: Point, rx: float, ry: float, colour: Colour) -> None:
        x, y = self._at(centre)
        width, height = rx * self.unit, ry * self.unit
        self._draw.ellipse((x - width, y - height, x + width, y + height), fill=colour)

    def tilted(self, centre: Point, rx: float, ry: float, degrees: float, colour: Colour) -> None:
        """An ellipse turned clockwise."""
        turn = math.radians(degrees)
        corners: list[Point] = []
        for step in range(24):
            angle = step * math.tau / 24
            x, y = rx * math.cos(angle), ry * math.sin(angle)
            corners.append(
                (
                    centre[0] + x * math.cos(turn) - y * math.sin(turn),
                    centre[1] + x * math.sin(turn) + y * math.cos(turn),
                )
            )
        self.polygon(corners, colour)

    def arc(self, centre: Point, rx: float, ry: float, start: float, end: float, colour: Colour, width: float) -> None:
        """Part of an ellipse's rim; degrees clockwise from the right."""
        x, y = self._at(centre)
        box = (x - rx * self.unit, y - ry * self.unit, x + rx * self.unit, y + ry * self.unit)
        self._draw.arc(box, start, end, fill=colour, width=max(1, round(width * self.unit)))

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self._draw.polygon([self._at(point) for point in points], fill=colour)

    def limb(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A line with round ends and joints."""
        thickness = max(1, round(width * self.unit))
        self._draw.line([self._at(point) for point in points], fill=colour, width=thickness, joint="curve")
        for point in (points[0], points[-1]):
            self.ellipse(point, width / 2, width / 2, colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour, rounded: float = 0) -> None:
        corners = (*self._at((left, top)), *self._at((right, bottom)))
        if corners[2] >= corners[0] and corners[3] >= corners[1]:
            self._draw.rounded_rectangle(corners, radius=rounded * self.unit, fill=colour)

    def _at(self, point: Point) -> Point:
        return (point[0] + self.width / 2) * self.unit, point[1] * self.unit


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """`share` 0 is the first colour, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def shaded(colour: Colour, factor: float) -> Colour:
    """Darker below 1, lighter above."""
    return mixed(colour, (12, 10, 24), 1 - factor) if factor < 1 else mixed(colour, (255, 250, 240), factor - 1)
