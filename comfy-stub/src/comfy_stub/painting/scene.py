"""What a painted picture shows. The whole scene is a handful of numbers, so that it can travel inside the picture."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import Literal

Setting = Literal["hills", "sea", "city", "indoors", "forest"]
Repair = Literal["face", "hands", "finish"]

SETTINGS: tuple[Setting, ...] = ("hills", "sea", "city", "indoors", "forest")
_SETTING_WORDS: tuple[tuple[str, Setting], ...] = (
    (r"gym|studio|room|indoor|interior|kitchen|bar\b|office|cafe|stage", "indoors"),
    (r"city|street|urban|town|skyline|neon|roof", "city"),
    (r"sea\b|beach|ocean|lake|island|harbou?r|boat|surf|river", "sea"),
    (r"forest|wood|jungle|tree|autumn", "forest"),
    (r"hill|mountain|meadow|field|valley|desert", "hills"),
)
_NIGHT_WORDS = r"night|moon|midnight|stars?\b|dark|neon"
_DUSK_WORDS = r"sunset|dusk|dawn|sunrise|evening|golden hour"


@dataclass(frozen=True, slots=True)
class Scene:
    """`seed` decides the composition. `face`, `hands` and `finish` are 0 until a sampler worked on them, then the
    seed of the last repair. `hour` is 0 by day, 1 at dusk, 2 at night."""

    seed: int
    setting: Setting
    hour: int
    face: int = 0
    hands: int = 0
    finish: int = 0

    def repaired(self, part: Repair, seed: int) -> Scene:
        """The same composition after one part was worked on again."""
        return replace(self, **{part: _digest(part, str(seed)) & 0xFFFFFFFF | 1})


def imagined(prompt: str, seed: int, place: int = 0) -> Scene:
    """The scene of a prompt and a seed; `place` tells the pictures of a batch apart."""
    text = prompt.lower()
    composition = _digest("scene", text, str(seed), str(place))
    named: list[Setting] = [name for words, name in _SETTING_WORDS if re.search(words, text)]
    setting = named[0] if named else SETTINGS[composition % len(SETTINGS)]
    if re.search(_NIGHT_WORDS, text):
        hour = 2
    elif re.search(_DUSK_WORDS, text):
        hour = 1
    else:
        hour = (0, 0, 1, 2)[composition // 7 % 4]
    return Scene(composition, setting, hour)


def hinted_repair(hints: list[str]) -> Repair:
    """Which part a sampler is meant to work on: the first hint that names one decides."""
    for hint in hints:
        lowered = hint.lower()
        face, hand = re.search(r"face|eyes|portrait detail", lowered), re.search(r"hand|finger", lowered)
        if face and (not hand or face.start() < hand.start()):
            return "face"
        if hand:
            return "hands"
    return "finish"


def _digest(*parts: str) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest())
