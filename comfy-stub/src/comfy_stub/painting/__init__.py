"""How the stand-in invents its pictures."""

from __future__ import annotations
