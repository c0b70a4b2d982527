"""The event log: append, look up, read, follow. Importing it imports no driver."""

from __future__ import annotations
