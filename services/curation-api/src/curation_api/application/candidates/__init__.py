"""Rejecting and restoring candidates, one, many or along a walk."""

from __future__ import annotations
