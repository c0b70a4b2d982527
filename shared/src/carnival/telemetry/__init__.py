"""Logs, traces and metrics, set up once by each service's main."""

from __future__ import annotations

from carnival.telemetry.setup import setup_telemetry

__all__ = ["setup_telemetry"]
