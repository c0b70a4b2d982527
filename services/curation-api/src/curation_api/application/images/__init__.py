"""The bytes of candidates: shown, made smaller, given up."""

from __future__ import annotations
