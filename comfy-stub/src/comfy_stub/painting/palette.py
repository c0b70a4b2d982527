"""The colours of a scene: sky and land by hour of day, and the looks a figure can have."""

from __future__ import annotations

import random
from dataclasses import dataclass

from comfy_stub.painting.canvas import Colour
from comfy_stub.painting.scene import Scene


@dataclass(frozen=True, slots=True)
class Palette:
    sky: tuple[Colour, ...]
    sun: Colour
    far: Colour
    near: Colour
    accent: Colour
    ambient: float


DAY = (
    Palette(((66, 135, 205), (148, 199, 232), (236, 236, 214)), (255, 246, 205), (134, 168, 176), (62, 122, 74),
            (232, 116, 72), 1.0),
    Palette(((96, 164, 190), (190, 222, 214), (250, 236, 206)), (255, 250, 224), (150, 178, 150), (104, 128, 58),
            (206, 84, 92), 1.0),
    Palette(((112, 140, 200), (186, 190, 226), (248, 222, 222)), (255, 240, 226), (152, 148, 186), (74, 108, 120),
            (238, 172, 70), 1.0),
)  # fmt: skip
DUSK = (
    Palette(((62, 44, 102), (196, 88, 108), (252, 186, 110)), (255, 224, 150), (122, 72, 112), (58, 44, 78),
            (255, 140, 74), 0.92),
    Palette(((40, 62, 112), (222, 120, 96), (255, 214, 142)), (255, 238, 176), (142, 84, 92), (70, 52, 64),
            (246, 96, 84), 0.92),
    Palette(((98, 52, 110), (236, 128, 140), (255, 204, 168)), (255, 232, 200), (150, 92, 130), (76, 54, 92),
            (120, 208, 196), 0.92),
)  # fmt: skip
NIGHT = (
    Palette(((10, 14, 44), (28, 40, 88), (74, 82, 128)), (238, 240, 255), (36, 44, 82), (16, 24, 46),
            (250, 206, 96), 0.9),
    Palette(((16, 10, 36), (54, 26, 84), (118, 60, 116)), (252, 232, 250), (58, 34, 84), (24, 16, 44),
            (86, 232, 222), 0.9),
)  # fmt: skip
SKINS = ((250, 216, 190), (238, 190, 156), (214, 158, 118), (172, 116, 82), (122, 80, 58), (92, 60, 46))
HAIRS = ((44, 30, 28), (88, 54, 34), (146, 88, 44), (214, 172, 96), (176, 62, 40), (70, 72, 84), (92, 52, 124))
CLOTHES = (
    (198, 62, 66), (40, 96, 158), (44, 130, 108), (236, 184, 72), (108, 72, 148), (240, 236, 226), (52, 56, 70),
    (226, 122, 150), (222, 110, 52),
)  # fmt: skip
EYES = ((66, 44, 30), (58, 110, 150), (70, 128, 84), (104, 92, 76), (120, 80, 160))


@dataclass(frozen=True, slots=True)
class Look:
    """A figure: colours, hair style, where it stands and what its arms do."""

    skin: Colour
    hair: Colour
    clothes: Colour
    trim: Colour
    hair_style: int
    pose: int
    shift: float
    lean: float


def palette_of(scene: Scene) -> Palette:
    return random.Random(scene.seed).choice((DAY, DUSK, NIGHT)[scene.hour])


def look_of(scene: Scene) -> Look:
    chance = random.Random(scene.seed ^ 0x5EED)
    clothes = chance.choice(CLOTHES)
    return Look(
        skin=chance.choice(SKINS),
        hair=chance.choice(HAIRS),
        clothes=clothes,
        trim=chance.choice([colour for colour in CLOTHES if colour != clothes]),
        hair_style=chance.randrange(5),
        pose=chance.randrange(4),
        shift=chance.uniform(-0.1, 0.1),
        lean=chance.uniform(-0.02, 0.02),
    )
