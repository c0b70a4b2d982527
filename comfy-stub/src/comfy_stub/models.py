"""The model files this stand-in claims to have: names only, so that a wrong name is refused as a real one would be."""

from __future__ import annotations

from comfy_stub.behaviour import Behaviour

FOLDERS = (
    "checkpoints",
    "configs",
    "loras",
    "vae",
    "text_encoders",
    "diffusion_models",
    "clip_vision",
    "style_models",
    "embeddings",
    "diffusers",
    "vae_approx",
    "controlnet",
    "gligen",
    "upscale_models",
    "latent_upscale_models",
    "custom_nodes",
    "hypernetworks",
    "photomaker",
    "classifiers",
    "model_patches",
    "audio_encoders",
)
NAMES: dict[str, tuple[str, ...]] = {
    "checkpoints": ("carnival-base.safetensors", "carnival-turbo.safetensors", "lantern-portrait.safetensors"),
    "loras": ("lantern-faces.safetensors", "lantern-hands.safetensors", "lantern-light.safetensors"),
    "vae": ("carnival-vae.safetensors",),
    "upscale_models": ("carnival-2x.pth", "carnival-4x.pth"),
}


class ModelShelf:
    """The names of a folder, without those a test declared missing."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    def names(self, folder: str) -> list[str]:
        missing = self._behaviour.missing_models
        return [name for name in NAMES.get(folder, ()) if name not in missing]
