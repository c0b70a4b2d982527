"""Starting, governing and showing runs."""

from __future__ import annotations
