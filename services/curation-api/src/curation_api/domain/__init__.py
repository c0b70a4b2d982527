"""Decisions of curation-api: pure functions of state and command."""

from __future__ import annotations
