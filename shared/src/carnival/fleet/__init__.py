"""Who is there to render, as the bus shows it."""

from __future__ import annotations

from carnival.fleet.reading import Fleet

__all__ = ["Fleet"]
