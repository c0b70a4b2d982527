"""The metrics of this process as Prometheus reads them."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

REGISTRY: Final = CollectorRegistry(auto_describe=False)
"""Ours and nothing else: what it holds is the catalogue."""

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST


def exposition() -> bytes:
    """Empty until telemetry is set up."""
    return generate_latest(REGISTRY)
