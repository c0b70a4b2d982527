"""Postgres, NATS and HTTP."""

from __future__ import annotations
