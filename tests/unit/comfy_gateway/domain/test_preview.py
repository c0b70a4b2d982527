"""Binary frames as pictures on the way."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfy_gateway.domain.hint import Previewed
from comfy_gateway.domain.preview import PREVIEW_BYTES_MAX, preview_of

JPEG = b"\xff\xd8\xff\xe0 a picture"
PNG = b"\x89PNG\r\n\x1a\n a picture"


def described(image: bytes, **description: str) -> bytes:
    head = json.dumps(description).encode()
    return struct.pack(">II", 4, len(head)) + head + image


@pytest.mark.parametrize("image", [JPEG, PNG])
def test_a_described_picture_is_taken(image: bytes) -> None:
    assert preview_of(described(image, prompt_id="p", image_type="image/png")) == Previewed("p", image)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        struct.pack(">II", 1, 1) + JPEG,
        described(JPEG),
        described(b"", prompt_id="p"),
        described(b"GIF89a", prompt_id="p"),
        described(JPEG + bytes(PREVIEW_BYTES_MAX), prompt_id="p"),
        struct.pack(">II", 4, 1 << 31) + JPEG,
        struct.pack(">II", 4, 2) + b"{!" + JPEG,
        struct.pack(">II", 4, 2) + b"[]" + JPEG,
    ],
)
def test_what_names_no_job_or_is_no_small_picture_is_dropped(frame: bytes) -> None:
    assert preview_of(frame) is None


@given(st.binary(max_size=40), st.integers(0, 60))
def test_junk_is_survived(junk: bytes, length: int) -> None:
    assert preview_of(struct.pack(">II", 4, length) + junk) is None
