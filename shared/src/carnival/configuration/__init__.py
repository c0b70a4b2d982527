"""Settings from the environment, read once, validated, refused by name (CFG)."""

from __future__ import annotations

from carnival.configuration.reading import BadSetting, Variable, read_settings

__all__ = ["BadSetting", "Variable", "read_settings"]
