"""Workflows that the tests post."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = Any


def picture_job(name: str, *, client_id: str | None = None, seed: int = 1, **more: Json) -> Json:
    """A small picture saved as `t/<name>`; the prompt id is the name."""
    workflow = {
        "canvas": {
            "class_type": "EmptyImage",
            "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 3368601},
        },
        "noise": {"class_type": "ImageAddNoise", "inputs": {"image": ["canvas", 0], "seed": seed, "strength": 0.5}},
        "save": {"class_type": "SaveImage", "inputs": {"images": ["noise", 0], "filename_prefix": f"t/{name}"}},
    }
    return _request(workflow, name, client_id, more)


def slow_job(name: str, *, client_id: str | None = None, **more: Json) -> Json:
    """Several blurs in a row, so that there are boundaries between nodes."""
    workflow: Json = picture_job(name)["prompt"]
    before = "noise"
    for place in range(4):
        workflow[f"blur{place}"] = {
            "class_type": "ImageBlur",
            "inputs": {"image": [before, 0], "blur_radius": 3, "sigma": 1.0},
        }
        before = f"blur{place}"
    workflow["save"]["inputs"]["images"] = [before, 0]
    return _request(workflow, name, client_id, more)


def sampler_job(
    name: str,
    *,
    prompt: str = "a portrait",
    seed: int = 1,
    parent: str | None = None,
    title: str = "Base",
    denoise: float = 1.0,
    client_id: str | None = None,
    **more: Json,
) -> Json:
    """A sampler graph on an empty latent, or over the encoded `parent` file."""
    sampler = {
        "model": ["model", 0],
        "seed": seed,
        "steps": 4,
        "cfg": 7.0,
        "sampler_name": "euler",
        "scheduler": "normal",
        "positive": ["positive", 0],
        "negative": ["negative", 0],
        "latent_image": ["latent", 0],
        "denoise": denoise,
    }
    workflow: Json = {
        "model": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "carnival-base.safetensors"}},
        "positive": {"class_type": "CLIPTextEncode", "inputs": {"text": prompt, "clip": ["model", 1]}},
        "negative": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["model", 1]}},
        "latent": {"class_type": "EmptyLatentImage", "inputs": {"width": 256, "height": 256, "batch_size": 1}},
        "sampler": {"class_type": "KSampler", "inputs": sampler, "_meta": {"title": title}},
        "decode": {"class_type": "VAEDecode", "inputs": {"samples": ["sampler", 0], "vae": ["model", 2]}},
        "save": {"class_type": "SaveImage", "inputs": {"images": ["decode", 0], "filename_prefix": f"t/{name}"}},
    }
    if parent is not None:
        workflow["parent"] = {"class_type": "LoadImage", "inputs": {"image": parent}}
        workflow["latent"] = {"class_type": "VAEEncode", "inputs": {"pixels": ["parent", 0], "vae": ["model", 2]}}
    return _request(workflow, name, client_id, more)


def _request(workflow: Json, name: str, client_id: str | None, more: Json) -> Json:
    return {"prompt": workflow, "prompt_id": name, **({"client_id": client_id} if client_id else {}), **more}
