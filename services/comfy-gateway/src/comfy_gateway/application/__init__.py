"""What the gateway does with a job, over ports."""

from __future__ import annotations
