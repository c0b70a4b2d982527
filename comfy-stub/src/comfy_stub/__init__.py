"""A stand-in for ComfyUI 0.10.0: the same HTTP and WebSocket protocol, real pictures, no GPU."""

from __future__ import annotations
