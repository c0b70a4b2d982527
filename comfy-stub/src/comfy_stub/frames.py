"""The frames of the WebSocket: shapes only, no sending."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Literal

from comfy_stub.wire import Json, JsonObject

PREVIEW_IMAGE = 1
PREVIEW_IMAGE_WITH_METADATA = 4
ImageFormat = Literal["JPEG", "PNG"]
_FORMAT_NUMBERS: dict[ImageFormat, int] = {"JPEG": 1, "PNG": 2}


@dataclass(frozen=True, slots=True)
class TextFrame:
    type: str
    data: Json

    def encoded(self) -> str:
        return json.dumps({"type": self.type, "data": self.data})


@dataclass(frozen=True, slots=True)
class PreviewFrame:
    """A preview picture. It exists twice per tick: with metadata for those who negotiated it, bare for the others."""

    image: bytes
    format: ImageFormat
    metadata: JsonObject | None

    def encoded(self) -> bytes:
        """Big-endian heads: `1, format, image` or `4, length, JSON, image`."""
        if self.metadata is None:
            return struct.pack(">II", PREVIEW_IMAGE, _FORMAT_NUMBERS[self.format]) + self.image
        described = {**self.metadata, "image_type": f"image/{self.format.lower()}"}
        head = json.dumps(described).encode()
        return struct.pack(">II", PREVIEW_IMAGE_WITH_METADATA, len(head)) + head + self.image


Frame = TextFrame | PreviewFrame


def queue_status(queue_remaining: int) -> JsonObject:
    return {"status": {"exec_info": {"queue_remaining": queue_remaining}}}
