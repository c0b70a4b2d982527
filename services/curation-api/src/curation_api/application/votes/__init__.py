"""Offering pairs and taking votes."""

from __future__ import annotations
