"""A scene hidden in the lowest bits of a picture's bottom row.

The mark survives download, upload and renaming, so that a later sampler still knows where the face is. Scaling or
blurring destroys it; the picture then counts as a foreign one.
"""

from __future__ import annotations

import struct
import zlib

from PIL import Image

from comfy_stub.painting.scene import SETTINGS, Scene

_MAGIC = b"tc1"
_LAYOUT = struct.Struct(">3sQBBIII")
_BYTES = _LAYOUT.size + 4


def with_mark(image: Image.Image, scene: Scene) -> Image.Image:
    """A copy that carries the scene; the picture itself if it is too narrow."""
    if image.width * 3 < _BYTES * 8 or image.mode != "RGB":
        return image
    packed = _LAYOUT.pack(
        _MAGIC, scene.seed, SETTINGS.index(scene.setting), scene.hour, scene.face, scene.hands, scene.finish
    )
    bits = "".join(f"{byte:08b}" for byte in packed + struct.pack(">I", zlib.crc32(packed)))
    row = bytearray(_bottom_row(image).tobytes())
    for place, bit in enumerate(bits):
        row[place] = row[place] & 0xFE | (bit == "1")
    marked = image.copy()
    marked.paste(Image.frombytes("RGB", (image.width, 1), bytes(row)), (0, image.height - 1))
    return marked


def read_mark(image: Image.Image) -> Scene | None:
    """The scene a picture carries, None for every picture without an intact mark."""
    if image.width * 3 < _BYTES * 8 or image.mode != "RGB":
        return None
    row = _bottom_row(image).tobytes()
    bits = "".join(str(byte & 1) for byte in row[: _BYTES * 8])
    whole = int(bits, 2).to_bytes(_BYTES)
    packed, checksum = whole[: _LAYOUT.size], whole[_LAYOUT.size :]
    if not packed.startswith(_MAGIC) or struct.pack(">I", zlib.crc32(packed)) != checksum:
        return None
    _, seed, setting, hour, face, hands, finish = _LAYOUT.unpack(packed)
    return Scene(seed, SETTINGS[setting], hour, face, hands, finish)


def _bottom_row(image: Image.Image) -> Image.Image:
    return image.crop((0, image.height - 1, image.width, image.height))
