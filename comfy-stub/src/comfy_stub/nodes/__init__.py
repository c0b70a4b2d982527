"""The node classes of the stand-in."""

from __future__ import annotations
