"""Postgres and NATS."""

from __future__ import annotations
