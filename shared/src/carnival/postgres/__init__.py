"""Postgres plumbing: pools on the read model's schema, and SQL kept in files."""

from __future__ import annotations

from carnival.postgres.pool import LIVE_SCHEMA, open_pool
from carnival.postgres.sql_files import load_sql

__all__ = ["LIVE_SCHEMA", "load_sql", "open_pool"]
