"""What leaves the hub: preferences and pictures."""

from __future__ import annotations
