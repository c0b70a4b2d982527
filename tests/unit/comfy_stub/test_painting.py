"""Pictures: equal where they have to be, different where somebody has to choose."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageStat

from comfy_stub.painting.mark import read_mark, with_mark
from comfy_stub.painting.noise import with_noise
from comfy_stub.painting.painter import painted
from comfy_stub.painting.retouch import retouched
from comfy_stub.painting.scene import Repair, Scene, hinted_repair, imagined

SIZE = (128, 128)


def distance(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the channels, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_equal_scenes_give_equal_pixels() -> None:
    scene = imagined("a portrait at sea", 7)
    assert painted(scene, SIZE).tobytes() == painted(scene, SIZE).tobytes()


def test_another_seed_paints_another_picture() -> None:
    assert distance(painted(imagined("a portrait", 1), SIZE), painted(imagined("a portrait", 2), SIZE)) > 10


def test_another_prompt_paints_another_picture() -> None:
    assert distance(painted(imagined("a gym", 1), SIZE), painted(imagined("a forest", 1), SIZE)) > 10


@pytest.mark.parametrize("part", ["face", "hands", "finish"])
def test_a_repair_changes_its_part_and_keeps_the_composition(part: Repair) -> None:
    scene = imagined("a portrait", 3)
    before, after = painted(scene, SIZE), painted(scene.repaired(part, 1), SIZE)
    assert 0 < distance(before, after) < 40
    if part != "finish":
        assert before.crop((0, 0, 20, 20)).tobytes() == after.crop((0, 0, 20, 20)).tobytes()


def test_two_repairs_of_one_part_differ() -> None:
    scene = imagined("a portrait", 3)
    assert painted(scene.repaired("face", 1), SIZE).tobytes() != painted(scene.repaired("face", 2), SIZE).tobytes()


@pytest.mark.parametrize(
    ("prompt", "setting", "hour"),
    [("Gym Shoot", "indoors", None), ("neon city at night", "city", 2), ("sunset over the sea", "sea", 1)],
)
def test_words_of_the_prompt_choose_the_setting(prompt: str, setting: str, hour: int | None) -> None:
    scene = imagined(prompt, 5)
    assert scene.setting == setting
    assert hour is None or scene.hour == hour


@pytest.mark.parametrize(
    ("hints", "part"),
    [
        (["Face Fix", "hands"], "face"),
        (["", "Hand Fix"], "hands"),
        (["Sampler", "a portrait"], "finish"),
        (["fix hands, keep the face"], "hands"),
    ],
)
def test_the_first_hint_that_names_a_part_decides(hints: list[str], part: str) -> None:
    assert hinted_repair(hints) == part


def test_a_scene_travels_inside_its_picture() -> None:
    scene = imagined("a portrait", 3).repaired("face", 9)
    marked = with_mark(painted(scene, SIZE), scene)
    assert read_mark(marked) == scene
    assert distance(marked, painted(scene, SIZE)) < 0.1


def test_foreign_and_scaled_pictures_carry_no_scene() -> None:
    scene = Scene(1, "sea", 0)
    assert read_mark(Image.new("RGB", SIZE)) is None
    assert read_mark(Image.new("RGB", (8, 8))) is None
    assert read_mark(with_mark(painted(scene, SIZE), scene).resize((256, 256))) is None


def test_a_foreign_picture_is_retouched_by_seed() -> None:
    foreign = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    one, other = retouched(foreign, "finish", 1, 0.5), retouched(foreign, "finish", 2, 0.5)
    assert 0 < distance(foreign, one) < 60
    assert one.tobytes() != other.tobytes()


def test_noise_depends_on_seed_and_strength() -> None:
    plain = Image.new("RGB", SIZE, (90, 120, 150))
    assert with_noise(plain, "1", 0.0).tobytes() == plain.tobytes()
    assert with_noise(plain, "1", 0.5).tobytes() == with_noise(plain, "1", 0.5).tobytes()
    assert with_noise(plain, "1", 0.5).tobytes() != with_noise(plain, "2", 0.5).tobytes()
    assert distance(plain, with_noise(plain, "1", 0.2)) < distance(plain, with_noise(plain, "1", 0.8))


@pytest.mark.parametrize("size", [(64, 64), (300, 200), (200, 300), (1024, 512)])
def test_every_size_can_be_painted(size: tuple[int, int]) -> None:
    assert painted(imagined("a city", 1), size).size == size
