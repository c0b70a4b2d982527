"""How the parts of the service are put together: what main starts."""

from __future__ import annotations
