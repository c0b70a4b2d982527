"""The HTTP application: routes, problems, streams."""

from __future__ import annotations
