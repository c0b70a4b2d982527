"""Where the selector meets Postgres and NATS."""

from __future__ import annotations
