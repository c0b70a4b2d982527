"""Who may do what: principals, roles, tokens, and the register that is folded from the log."""

from __future__ import annotations
