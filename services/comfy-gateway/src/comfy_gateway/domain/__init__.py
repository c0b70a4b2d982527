"""What the gateway decides, as pure functions: payloads, verdicts, failures, retries."""

from __future__ import annotations
