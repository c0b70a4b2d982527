"""The fold: events in log order become rows. Pure, and the same one for live projection and for rebuilds."""

from __future__ import annotations
