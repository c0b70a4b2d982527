"""Rating systems: what a vote does to two ratings."""

from __future__ import annotations
