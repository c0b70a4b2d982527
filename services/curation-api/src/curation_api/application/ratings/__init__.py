"""Rating systems: asking for rescorings, promoting and dropping them."""

from __future__ import annotations
