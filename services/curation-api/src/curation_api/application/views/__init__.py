"""What queries answer with."""

from __future__ import annotations
