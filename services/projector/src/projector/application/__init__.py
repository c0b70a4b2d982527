"""Use cases of the projector: project a batch, follow the log, rebuild, take a digest."""

from __future__ import annotations
