"""Voting in a terminal: keys and the picture of a pair."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from carnival_cli.voting.keys import Key, key_of
from carnival_cli.voting.showing import side_by_side


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("\x1b[D", Key.LEFT),
        ("\x1bOC", Key.RIGHT),
        ("t", Key.TIE),
        ("\x1b[B", Key.BOTH_BAD),
        ("", Key.QUIT),
        ("?", None),
    ],
)
def test_arrows_and_letters_are_judgements_and_the_end_of_the_input_quits(typed: str, key: Key | None) -> None:
    assert key_of(typed) is key


def test_a_pair_is_one_picture_with_the_first_image_on_the_left() -> None:
    def picture(colour: str, size: tuple[int, int]) -> bytes:
        data = BytesIO()
        Image.new("RGB", size, colour).save(data, "PNG")
        return data.getvalue()

    both = side_by_side(picture("red", (8, 4)), picture("blue", (6, 10)))
    assert both.size == (30, 10)
    assert (both.getpixel((0, 0)), both.getpixel((29, 9))) == ((255, 0, 0), (0, 0, 255))
