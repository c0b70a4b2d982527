"""The rules of choosing, pure: state, time and chance come in, a decision goes out."""

from __future__ import annotations
