"""Health over HTTP: `/health/live` says that the process runs, `/health/ready` that its work can be done."""

from __future__ import annotations

from carnival.health.endpoint import Check, health_app, serve_health

__all__ = ["Check", "health_app", "serve_health"]
