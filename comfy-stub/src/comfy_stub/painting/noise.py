"""Colour noise by seed: soft clouds of colour with some grain, so that the seed shows at a glance."""

from __future__ import annotations

import random

from PIL import Image, ImageChops

CELLS = ((4, 0.42), (11, 0.2), (0, 0.22))
"""Cells along the longer side, and the share of each layer; 0 cells means one per pixel."""


def with_noise(image: Image.Image, seed: str, strength: float) -> Image.Image:
    """The picture with noise added; strength 0 changes nothing, equal seeds give equal pixels."""
    if strength <= 0:
        return image
    centred = Image.blend(Image.new("RGB", image.size, (128, 128, 128)), colour_noise(image.size, seed), strength)
    return ImageChops.add(image, centred, 1, -128)


def colour_noise(size: tuple[int, int], seed: str) -> Image.Image:
    """Noise around middle grey, in coarse, middle and fine layers."""
    chance = random.Random(seed)
    mixed = Image.new("RGB", size, (128, 128, 128))
    for cells, share in CELLS:
        layer = _layer(chance, size, cells)
        mixed = ImageChops.add(mixed, Image.blend(Image.new("RGB", size, (128, 128, 128)), layer, share * 1.6), 1, -128)
    return mixed


def _layer(chance: random.Random, size: tuple[int, int], cells: int) -> Image.Image:
    if cells == 0:
        return Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3))
    longest = max(size)
    grid = (max(2, round(cells * size[0] / longest)), max(2, round(cells * size[1] / longest)))
    return Image.frombytes("RGB", grid, chance.randbytes(grid[0] * grid[1] * 3)).resize(size, Image.Resampling.BICUBIC)
