"""The hash of what a picture shows."""

from __future__ import annotations

import io

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from comfy_gateway.adapters.pixel_hash import hash_of_pixels

Picture = Image.Image


def picture(size: tuple[int, int] = (40, 30)) -> Picture:
    made = Image.radial_gradient("L").resize(size)
    return Image.merge("RGB", (made, made.transpose(Image.Transpose.FLIP_TOP_BOTTOM), made))


def stored(image: Picture, form: str = "PNG", **options: object) -> str | None:
    file = io.BytesIO()
    image.save(file, form, **options)
    with Image.open(io.BytesIO(file.getvalue())) as opened:
        return hash_of_pixels(opened)


def test_it_depends_on_the_pixels_not_on_how_the_file_is_written() -> None:
    words = PngInfo()
    words.add_text("prompt", "a gym")
    plain = stored(picture(), compress_level=0)
    assert plain == stored(picture(), compress_level=9, pnginfo=words)
    assert plain == stored(picture(), "WEBP", lossless=True)
    assert plain == stored(picture().convert("RGBA"))


def test_a_palette_and_grey_count_as_the_colours_they_show() -> None:
    grey = picture().convert("L")
    assert stored(grey) == stored(grey.convert("RGB")) == stored(grey.convert("P"))


def test_one_pixel_or_another_shape_makes_another_picture() -> None:
    changed = picture()
    changed.putpixel((39, 29), (1, 2, 3))
    see_through = picture().convert("RGBA")
    see_through.putpixel((0, 0), (*picture().getpixel((0, 0)), 254))  # type: ignore[misc]
    black = [stored(Image.new("RGB", size)) for size in ((2, 8), (4, 4), (8, 2))]
    assert len({stored(picture()), stored(changed), stored(see_through), *black}) == 6


def test_grey_of_sixteen_bits_keeps_its_depth() -> None:
    deep = [Image.new("I;16", (3, 3), value) for value in (256, 257, 65535)]
    assert len({stored(image) for image in deep}) == 3


def test_strips_make_no_difference() -> None:
    assert hash_of_pixels(picture(), strip_pixels=100) == hash_of_pixels(picture())


def test_a_picture_that_moves_has_none() -> None:
    frames = [picture(), picture().rotate(90)]
    assert stored(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True) is None
