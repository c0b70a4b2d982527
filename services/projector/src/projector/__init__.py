"""Folds the log into the read model; the only writer of Postgres."""

from __future__ import annotations
