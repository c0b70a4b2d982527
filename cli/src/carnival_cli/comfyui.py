"""What the CLI itself asks of a ComfyUI server: is it there, which version, which checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from carnival_cli.example import LOADER

ANSWER_SECONDS: Final = 10.0


class ComfyUnreachable(Exception):
    """A server gives no useful answer."""


@dataclass(frozen=True, slots=True)
class ComfyServer:
    url: str
    version: str
    checkpoints: Sequence[str]


def look_at(url: str) -> ComfyServer:
    """Raises ComfyUnreachable with a sentence."""
    base = url.strip().rstrip("/")
    try:
        with httpx.Client(base_url=base, timeout=ANSWER_SECONDS) as client:
            stats = client.get("/system_stats").raise_for_status().json()
            loader = client.get(f"/object_info/{LOADER}").raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ComfyUnreachable(f"ComfyUI at {base} gives no useful answer: {error}") from error
    return ComfyServer(base, str(stats.get("system", {}).get("comfyui_version", "unknown")), _checkpoints(loader))


def _checkpoints(loader: dict[str, Any]) -> Sequence[str]:
    """The choices of the loader's one input; both spellings of a choice that ComfyUI has used."""
    declared = loader.get(LOADER, {}).get("input", {}).get("required", {}).get("ckpt_name", [[]])
    choices = declared[0] if isinstance(declared[0], list) else declared[-1].get("options", [])
    return [str(choice) for choice in choices]
