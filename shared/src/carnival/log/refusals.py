"""What the server forbids, told to whoever waits for the answer that will never come.

A forbidden request is not answered: the server reports it aside, and without care it looks like an outage. The client
passes the report on with neither its connection nor its message, so those who wait are found by the subject.
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from carnival.log.errors import Forbidden

_PUBLISH: Final = re.compile(r'permissions violation for publish to "(?P<subject>[^"]+)"', re.IGNORECASE)
_waiting: Final[defaultdict[str, set[asyncio.Timeout]]] = defaultdict(set)


@asynccontextmanager
async def refusable(subject: str) -> AsyncGenerator[None]:
    """Ends the block with Forbidden as soon as the server reports that this user may not publish to `subject`."""
    key = subject.lower()
    scope = asyncio.timeout(None)
    _waiting[key].add(scope)
    try:
        async with scope:
            yield
    except TimeoutError as error:
        if scope.expired():
            raise Forbidden(subject) from error
        raise
    finally:
        _waiting[key].discard(scope)
        if not _waiting[key]:
            del _waiting[key]


def heard_refusal(error: Exception) -> bool:
    """Ends what waits for the refused; whether `error` is such a report. The client writes it in small letters."""
    found = _PUBLISH.search(str(error))
    if found is None:
        return False
    now = asyncio.get_running_loop().time()
    for scope in _waiting.get(found["subject"].lower(), ()):
        if not scope.expired():
            scope.reschedule(now)
    return True
