"""Binary frames: pictures on the way. They are decoration, so whatever is odd about one is a reason to drop it."""

from __future__ import annotations

import json
from typing import Final

from comfy_gateway.domain.hint import Previewed
from comfy_gateway.domain.loose_json import mapping, text

WITH_METADATA: Final = 4
HEAD_BYTES: Final = 8
PREVIEW_BYTES_MAX: Final = 256 * 1024

_SIGNATURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def preview_of(frame: bytes) -> Previewed | None:
    """The picture in a frame `type, length of the description, description as JSON, file`, numbers big-endian 32 bits.

    None for frames of other types: one without a description names no job, and since descriptions were negotiated
    it is surely a stranger's. None for files over 256 KiB and for what is neither JPEG nor PNG.
    """
    if len(frame) < HEAD_BYTES or int.from_bytes(frame[:4]) != WITH_METADATA:
        return None
    start = HEAD_BYTES + int.from_bytes(frame[4:HEAD_BYTES])
    if not 0 < len(frame) - start <= PREVIEW_BYTES_MAX:
        return None
    try:
        prompt_id = text(mapping(json.loads(frame[HEAD_BYTES:start])).get("prompt_id"))
    except ValueError:
        return None
    image = frame[start:]
    return Previewed(prompt_id, image) if prompt_id and image.startswith(_SIGNATURES) else None
