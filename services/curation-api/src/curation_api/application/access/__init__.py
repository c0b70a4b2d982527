"""Tokens: issued and revoked."""

from __future__ import annotations
