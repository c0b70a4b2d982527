"""How workflows name models: the inputs that choose one, and the endings of their files."""

from __future__ import annotations

from typing import Final

MODEL_INPUT: Final = (
    r"(?:ckpt|checkpoint|unet|vae|clip|lora|control_net|controlnet|style_model|gligen|model|upscale_model|hypernetwork"
    r"|photomaker|ipadapter|instantid|diffusion_model|text_encoder|clip_vision|audio_encoder|model_patch|embedding)"
    r"_?(?:name|file|path)\d*"
)
"""The name of an input, as a pattern."""

MODEL_ENDING: Final = "safetensors|sft|ckpt|pt|pt2|pth|bin|gguf|onnx|pkl"
"""What follows the dot, as a pattern."""
