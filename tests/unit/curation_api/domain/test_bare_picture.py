"""A file without metadata keeps each pixel and nothing that was written beside them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from curation_api.domain.bare_picture import Span, UnreadablePicture, bare_parts

SECRET = b"a prompt that stays at home"
MODES = st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])


def bare(data: bytes, media_type: str) -> bytes:
    parts = bare_parts(data, media_type)
    return b"".join(data[part.start : part.end] if isinstance(part, Span) else part for part in parts)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def pixels(data: bytes) -> tuple[str, bytes]:
    picture = Image.open(BytesIO(data))
    return picture.mode, picture.tobytes()


def exif() -> bytes:
    about = Image.Exif()
    about[0x010E] = SECRET.decode()
    return about.tobytes()


@given(MODES, st.integers(1, 40), st.integers(1, 40), st.text(max_size=50))
def test_a_png_keeps_its_pixels_and_loses_its_texts(mode: str, width: int, height: int, words: str) -> None:
    about = PngImagePlugin.PngInfo()
    about.add_text("prompt", SECRET.decode())
    about.add_itxt("workflow", SECRET.decode() + words)
    about.add_text("late", SECRET.decode(), zip=True)
    about.add(b"prVt", SECRET)
    data = encoded(Image.new(mode, (width, height), 1), "PNG", pnginfo=about, exif=exif())
    assert SECRET in data
    assert SECRET not in bare(data, "image/png")
    assert Image.open(BytesIO(bare(data, "image/png"))).info.keys().isdisjoint({"prompt", "workflow", "late", "exif"})
    assert pixels(bare(data, "image/png")) == pixels(data)
    assert bare(bare(data, "image/png"), "image/png") == bare(data, "image/png")


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
def test_a_jpeg_keeps_its_pixels(options: dict[str, Any]) -> None:
    picture = Image.effect_noise((64, 48), 80).convert("RGB")
    data = encoded(picture, "JPEG", exif=exif(), comment=SECRET, icc_profile=b"colours", **options)
    assert SECRET in data
    stripped = bare(data + SECRET, "image/jpeg")
    assert SECRET not in stripped
    assert pixels(stripped) == pixels(data)
    assert Image.open(BytesIO(stripped)).info["icc_profile"] == b"colours"


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 50}])
def test_a_webp_keeps_its_pixels(options: dict[str, Any]) -> None:
    picture = Image.effect_noise((64, 48), 80).convert("RGBA")
    data = encoded(picture, "WEBP", exif=exif(), xmp=SECRET, icc_profile=b"colours", **options)
    assert SECRET in data
    stripped = bare(data, "image/webp")
    assert SECRET not in stripped
    assert pixels(stripped) == pixels(data)
    assert Image.open(BytesIO(stripped)).info.keys().isdisjoint({"exif", "xmp"})


@given(st.binary(max_size=200), st.sampled_from(["image/png", "image/jpeg", "image/webp", "text/html"]), st.booleans())
def test_nonsense_is_refused_and_nothing_else(tail: bytes, media_type: str, whole: bool) -> None:
    beginnings = {
        "image/png": b"\x89PNG\r\n\x1a\n",
        "image/jpeg": b"\xff\xd8",
        "image/webp": b"RIFF\xff\x00\x00\x00WEBP",
    }
    data = beginnings.get(media_type, b"") + tail if whole else tail
    try:
        bare(data, media_type)
    except UnreadablePicture:
        return


@pytest.mark.parametrize("cut", [3, 20, 60])
def test_a_file_that_ends_too_early_is_refused(cut: int) -> None:
    picture = Image.effect_noise((64, 48), 80).convert("RGB")
    for kind in ("PNG", "JPEG"):
        with pytest.raises(UnreadablePicture):
            bare(encoded(picture, kind)[:-cut], f"image/{kind.lower()}")
