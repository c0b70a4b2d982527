"""Models by name and prompts by text: what a sampler is told before it starts."""

from __future__ import annotations

from collections.abc import Mapping

from comfy_stub.nodes.definition import Input, NodeClass, NodeContext, NodeResult, model_in
from comfy_stub.wire import Json

Values = Mapping[str, Json]


def load_checkpoint(_context: NodeContext, values: Values) -> NodeResult:
    name = values["ckpt_name"]
    return NodeResult((name, name, name))


def load_vae(_context: NodeContext, values: Values) -> NodeResult:
    return NodeResult((values["vae_name"],))


def load_lora(_context: NodeContext, values: Values) -> NodeResult:
    return NodeResult((f"{values['model']}+{values['lora_name']}", values["clip"]))


def load_upscaler(_context: NodeContext, values: Values) -> NodeResult:
    return NodeResult((values["model_name"],))


def encode_text(_context: NodeContext, values: Values) -> NodeResult:
    return NodeResult((str(values["text"]),))


_STRENGTH = {"default": 1.0, "min": -100.0, "max": 100.0, "step": 0.01}

NODES = (
    NodeClass(
        "CheckpointLoaderSimple",
        load_checkpoint,
        (Input("ckpt_name", model_in("checkpoints"), {"tooltip": "The name of the checkpoint (model) to load."}),),
        ("MODEL", "CLIP", "VAE"),
        display_name="Load Checkpoint",
        category="loaders",
        weight=0.3,
    ),
    NodeClass(
        "VAELoader", load_vae, (Input("vae_name", model_in("vae")),), ("VAE",), "Load VAE", "", "loaders", weight=0.1
    ),
    NodeClass(
        "LoraLoader",
        load_lora,
        (
            Input("model", "MODEL"),
            Input("clip", "CLIP"),
            Input("lora_name", model_in("loras")),
            Input("strength_model", "FLOAT", _STRENGTH),
            Input("strength_clip", "FLOAT", _STRENGTH),
        ),
        ("MODEL", "CLIP"),
        display_name="Load LoRA",
        category="loaders",
        weight=0.1,
    ),
    NodeClass(
        "UpscaleModelLoader",
        load_upscaler,
        (Input("model_name", model_in("upscale_models")),),
        ("UPSCALE_MODEL",),
        display_name="Load Upscale Model",
        category="loaders",
        module="comfy_extras.nodes_upscale_model",
        weight=0.2,
    ),
    NodeClass(
        "CLIPTextEncode",
        encode_text,
        (Input("text", "STRING", {"multiline": True, "dynamicPrompts": True}), Input("clip", "CLIP")),
        ("CONDITIONING",),
        display_name="CLIP Text Encode (Prompt)",
        category="conditioning",
        weight=0.2,
    ),
)
