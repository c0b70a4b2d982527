"""A picture on its way through a workflow: its pixels, and the scene they show when the stand-in painted them."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from comfy_stub.painting.scene import Scene


@dataclass(frozen=True, slots=True)
class Picture:
    image: Image.Image
    scene: Scene | None = None


Batch = tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Latent:
    """Pictures waiting for a sampler; `empty` ones are still to be invented."""

    pictures: Batch
    empty: bool = False
