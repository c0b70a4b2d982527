"""A picture file without what was written beside its pixels: prompts, workflows, camera data, comments.

Nothing is encoded again, so each pixel stays. The answer says which stretches of the original remain, with the few
bytes that must be written anew between them; so a large file need not be in memory while it is sent.

What decides how the pixels look is kept (colour profiles, transparency, animation); all else goes, known or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from struct import error as StructError
from struct import pack, unpack_from
from typing import Final

_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT bKGD pHYs hIST sPLT acTL fcTL fdAT".split()
)
_WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_METADATA_FLAGS: Final = 0x08 | 0x04
_JPEG_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JPEG_LONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_JPEG_EOI: Final = 0xD9
_JPEG_SOS: Final = 0xDA
_JPEG_COMMENT: Final = 0xFE
_JPEG_APPLICATION: Final = range(0xE0, 0xF0)


class UnreadablePicture(ValueError):
    """The file is not built as its kind of picture is."""


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes of the original from `start` up to `end`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


Part = bytes | Span


def bare_parts(data: bytes, media_type: str) -> tuple[Part, ...]:
    """What the file consists of without metadata, in order. Raises UnreadablePicture."""
    try:
        match media_type:
            case "image/png":
                return _merged(_png(data))
            case "image/jpeg":
                return _merged(_jpeg(data))
            case "image/webp":
                return _webp(data)
            case _:
                raise UnreadablePicture(f"{media_type} is no kind of picture whose metadata is known")
    except (StructError, IndexError) as error:
        raise UnreadablePicture("The file ends too early") from error


def _png(data: bytes) -> Iterator[Span]:
    if not data.startswith(_PNG_SIGNATURE):
        raise UnreadablePicture("The file is no PNG")
    yield Span(0, len(_PNG_SIGNATURE))
    place = len(_PNG_SIGNATURE)
    while True:
        length, kind = unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise UnreadablePicture("A chunk is longer than the file")
        if kind in _PNG_KEPT:
            yield Span(place, end)
        if kind == b"IEND":
            return
        place = end


def _jpeg(data: bytes) -> Iterator[Span]:
    if not data.startswith(b"\xff\xd8"):
        raise UnreadablePicture("The file is no JPEG")
    yield Span(0, 2)
    place = 2
    while True:
        while data[place] == 0xFF and data[place + 1] == 0xFF:
            place += 1
        if data[place] != 0xFF:
            raise UnreadablePicture("A marker is missing")
        marker = data[place + 1]
        end = place + 2 if marker in _JPEG_LONE or marker == _JPEG_EOI else _jpeg_segment_end(data, place, marker)
        if _jpeg_keeps(marker, data[place + 4 : place + 16]):
            yield Span(place, end)
        if marker == _JPEG_EOI:
            return
        place = end


def _jpeg_segment_end(data: bytes, place: int, marker: int) -> int:
    """A scan takes its coded pixels along, up to the next marker."""
    end = place + 2 + int(unpack_from(">H", data, place + 2)[0])
    if marker != _JPEG_SOS:
        return end
    following = _JPEG_NEXT_MARKER.search(data, end)
    if following is None:
        raise UnreadablePicture("The picture has no end")
    return following.start()


def _jpeg_keeps(marker: int, beginning: bytes) -> bool:
    """APP0 says how pixels are shaped, APP14 how colours are coded, and a profile in APP2 what they mean."""
    if marker not in _JPEG_APPLICATION:
        return marker != _JPEG_COMMENT
    kind = marker - _JPEG_APPLICATION.start
    return kind in {0, 14} or (kind == 2 and beginning.startswith(b"ICC_PROFILE\x00"))


def _webp(data: bytes) -> tuple[Part, ...]:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise UnreadablePicture("The file is no WebP")
    parts: list[Part] = []
    place, whole = 12, min(len(data), 8 + int(unpack_from("<I", data, 4)[0]))
    while place < whole:
        kind, length = unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        if place + 8 + length > len(data):
            raise UnreadablePicture("A chunk is longer than the file")
        if kind == b"VP8X":
            flags = data[place + 8] & ~_WEBP_METADATA_FLAGS
            parts += [Span(place, place + 8), bytes([flags]), Span(place + 9, end)]
        elif kind in _WEBP_KEPT:
            parts.append(Span(place, end))
        place = end
    size = 4 + sum(len(part) for part in parts)
    return (b"RIFF" + pack("<I", size) + b"WEBP", *parts)


def _merged(spans: Iterator[Span]) -> tuple[Part, ...]:
    """Spans that touch become one."""
    found = list(spans)
    breaks = [
        0,
        *(place for place, (one, next_) in enumerate(pairwise(found), 1) if one.end != next_.start),
        len(found),
    ]
    return tuple(Span(found[first].start, found[last - 1].end) for first, last in pairwise(breaks))
