"""The fingerprint of the read model as it was at a position, or as it is on another machine there."""

from __future__ import annotations

from collections.abc import Callable

from carnival.contracts.ids import Position
from carnival.log.port import EventLog
from projector.application.fill_site import FillSite
from projector.application.ports import ReadModelDigest
from projector.application.rebuild_ports import BuildingSite


class BeyondTheLog(Exception):
    """The log does not go as far as the position that was asked about."""


class DigestAt:
    """The log is folded up to the position, beside the live rows, which nobody touches; what it made is given up again,
    and so is what an interrupted rebuild has left."""

    def __init__(self, log: EventLog, site: BuildingSite, fill: FillSite) -> None:
        self._log = log
        self._site = site
        self._fill = fill

    async def __call__(self, position: Position, told: Callable[[Position], None]) -> ReadModelDigest:
        """Raises BeyondTheLog, RebuildUnderWay, NewerFold, TooManyParked, StoreUnavailable and errors of the log."""
        end = await self._log.end()
        if position > end:
            raise BeyondTheLog(f"the log ends at position {end}, before {position}")
        try:
            await self._fill(position, told, anew=True)
            digest = await self._site.digest()
            await self._site.clear()
            return digest
        finally:
            await self._site.close()
