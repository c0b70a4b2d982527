"""What ComfyUI servers behind https have to prove."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path


def trust_of(base_urls: Sequence[str], authorities: Path | None) -> ssl.SSLContext | None:
    """Certificates by one of `authorities`, or of those that the system trusts. None where nobody speaks https. Raises
    OSError for a file that holds no certificates."""
    if not any(url.startswith("https://") for url in base_urls):
        return None
    return ssl.create_default_context(cafile=authorities)
