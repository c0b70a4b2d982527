"""Log and images into a folder, and from there into an empty Carnival."""

from __future__ import annotations
