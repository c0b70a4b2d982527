"""The read model as Postgres holds it: what use cases load and what queries answer."""

from __future__ import annotations
