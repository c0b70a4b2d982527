"""Saving pipelines, and asking the fleet whether it can do them."""

from __future__ import annotations
