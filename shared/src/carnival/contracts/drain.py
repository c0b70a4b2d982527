"""Operators who want no more jobs at a server, or at all servers of a gateway. Written by curation-api, obeyed by the
gateway; the read model passes these events by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from carnival.contracts.envelope import Event, LogEntry, Recorded
from carnival.contracts.ids import Position


class DrainRequested(Event):
    """What is being rendered there is finished, nothing else begins, until the drain is withdrawn.

    `node` None means every server of the gateway, also those it gets later. `reason` is for people.
    """

    wire_name: ClassVar[str] = "DrainRequested"

    gateway: str
    node: str | None = None
    reason: str = ""


class DrainWithdrawn(Event):
    """Jobs may go there again. `node` None withdraws every drain within the gateway."""

    wire_name: ClassVar[str] = "DrainWithdrawn"

    gateway: str
    node: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """A drain in force: who wants it, since when, why."""

    gateway: str
    node: str | None
    reason: str
    since: datetime
    actor: str | None

    @property
    def words(self) -> str:
        """Why there are no jobs, for people."""
        what = "the server" if self.node else "the gateway"
        who = self.actor or "an operator"
        return f"{who} drains {what}{f': {self.reason}' if self.reason else ''}"


class Drains:
    """The drains in force: a fold of the log's category `fleet`. `position` is how far it was folded."""

    def __init__(self) -> None:
        self.position = Position(0)
        self._drains: dict[tuple[str, str | None], Drain] = {}

    @property
    def in_force(self) -> Mapping[tuple[str, str | None], Drain]:
        """By gateway and node; node None: the whole gateway."""
        return self._drains

    def of(self, gateway: str, node: str) -> Drain | None:
        """Why a server gets no jobs; None if nobody minds."""
        return self._drains.get((gateway, node)) or self._drains.get((gateway, None))

    def apply(self, entry: LogEntry) -> None:
        """Fold one entry. A drain asked for twice is that of the first."""
        if isinstance(entry, Recorded):
            match entry.event:
                case DrainRequested(gateway=gateway, node=node, reason=reason):
                    drain = Drain(
                        gateway=gateway, node=node, reason=reason, since=entry.meta.time, actor=entry.meta.actor
                    )
                    self._drains.setdefault((gateway, node), drain)
                case DrainWithdrawn(gateway=gateway, node=node):
                    ended = [key for key in self._drains if key[0] == gateway and node in (None, key[1])]
                    for key in ended:
                        del self._drains[key]
                case _:
                    pass
        self.position = max(self.position, entry.position)
