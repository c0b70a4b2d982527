"""Rating systems: votes of one column in, a rating for each of its candidates out."""

from __future__ import annotations
