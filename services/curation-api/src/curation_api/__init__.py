"""The HTTP face of the hub: commands become events, queries read the read model."""

from __future__ import annotations
