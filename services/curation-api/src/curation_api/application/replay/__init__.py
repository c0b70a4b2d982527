"""What has been, asked again: a run as it was."""

from __future__ import annotations
