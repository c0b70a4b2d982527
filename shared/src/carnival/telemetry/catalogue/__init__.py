"""Every metric there is. What is not here is not emitted; docs/metrics.md is written from it."""

from __future__ import annotations

from typing import Final

from carnival.telemetry.catalogue import comfy_gateway, curation_api, projector, selector, several_services
from carnival.telemetry.catalogue.several_services import EVERY

__all__ = ["CATALOGUE", "EVERY"]

CATALOGUE: Final = (
    *several_services.METRICS,
    *curation_api.METRICS,
    *projector.METRICS,
    *selector.METRICS,
    *comfy_gateway.METRICS,
)
