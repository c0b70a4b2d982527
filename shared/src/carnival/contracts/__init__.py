"""What the services say to each other: events, notices and the subjects they travel on."""

from __future__ import annotations
