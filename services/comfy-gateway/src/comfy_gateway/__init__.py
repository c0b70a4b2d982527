"""comfy-gateway: carries out jobs on ComfyUI servers, and nothing else in the system talks to them."""

from __future__ import annotations
