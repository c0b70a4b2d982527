"""How long an announcement holds for whoever hears it on its way, without asking the bucket."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from carnival.contracts.notices import NodePresence
from carnival.log.stream import PRESENCE_TTL_SECONDS

HOLDS: Final = timedelta(seconds=PRESENCE_TTL_SECONDS)
"""As long as in the bucket."""


def heard(node: NodePresence, now: datetime) -> NodePresence:
    """`node`, announced `now`, with an expiry by the clock of whoever heard it: the gateway's may be wrong."""
    return node.model_copy(update={"expires_at": now + HOLDS})
