"""ComfyUI over HTTP and WebSocket, NATS, and images on this machine."""

from __future__ import annotations
