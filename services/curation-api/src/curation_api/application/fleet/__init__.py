"""The fleet: who is there, what nobody can do, and drains."""

from __future__ import annotations
