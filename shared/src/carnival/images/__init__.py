"""The image store: bytes under places below one root."""

from __future__ import annotations
