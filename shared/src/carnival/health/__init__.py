"""Health over HTTP: `/health/live` says that the process runs, `/health/ready` that its work can be done, `/metrics`
how it is doing."""

from __future__ import annotations

from carnival.health.bus import bus_check
from carnival.health.endpoint import Check, health_app, serve_health
from carnival.health.operations import serve_operations

__all__ = ["Check", "bus_check", "health_app", "serve_health", "serve_operations"]
