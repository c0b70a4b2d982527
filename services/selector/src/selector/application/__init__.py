"""The selector's use cases."""

from __future__ import annotations
