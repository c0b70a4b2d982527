"""The state of a server as everybody sees it, since when, why, and why a slot of it stands idle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from carnival.contracts.notices import Idle, IdleCause, NodeState
from comfy_gateway.domain.health import Quarantine

ENDING = "its gateway ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`trouble`: why it cannot take work, None while it can. `drain`: why an operator, or None, wants no jobs there.
    `held`: why its gateway has no use for any server."""

    trouble: str | None
    quarantine: Quarantine | None = None
    drain: str | None = None
    held: str | None = None
    ending: bool = False
    rendering: bool = False

    @property
    def takes_jobs(self) -> bool:
        return self.trouble is None and not self.barred

    @property
    def barred(self) -> bool:
        """It may be asked about its jobs, but gets no others."""
        return self.quarantine is not None or self.drain is not None or self.held is not None or self.ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`since` is when the server came into `state`; `reason` is empty for a server that works."""

    state: NodeState
    reason: str
    since: datetime

    def after(self, facts: Facts, now: datetime) -> Standing:
        """The standing once these are the facts."""
        state, reason = _state(facts)
        return Standing(state=state, reason=reason, since=self.since if state is self.state else now)


def _state(facts: Facts) -> tuple[NodeState, str]:
    """What is true of the server comes before what people want of it."""
    if facts.trouble is not None:
        return NodeState.UNREACHABLE, facts.trouble
    if facts.quarantine is not None:
        return NodeState.QUARANTINED, facts.quarantine.reason
    if facts.drain is not None:
        return NodeState.DRAINING, facts.drain
    if facts.held is not None:
        return NodeState.DRAINING, facts.held
    if facts.ending:
        return NodeState.DRAINING, ENDING
    return (NodeState.BUSY if facts.rendering else NodeState.READY), ""


def idle_of(standing: Standing, facts: Facts, *, free_slots: int, in_hand: int, lacks: str, pool: str) -> Idle | None:
    """Why a slot stands idle; None while all render, or a job is on its way to a free one.

    `in_hand` counts jobs at the node that are not posted yet, `lacks` is what kept jobs away lately, in words.
    """
    if free_slots <= 0:
        return None
    match standing.state:
        case NodeState.UNREACHABLE:
            return Idle(cause=IdleCause.UNREACHABLE, words=standing.reason)
        case NodeState.QUARANTINED:
            until = f"next canary at {facts.quarantine.until:%H:%M:%S} UTC" if facts.quarantine else ""
            return Idle(cause=IdleCause.QUARANTINED, words=until)
        case NodeState.DRAINING:
            return Idle(cause=IdleCause.DRAINING, words=standing.reason)
        case NodeState.READY | NodeState.BUSY if in_hand:
            return None
        case NodeState.READY | NodeState.BUSY if lacks:
            return Idle(cause=IdleCause.LACKS, words=f"jobs of pool {pool} need what it does not have: {lacks}")
        case NodeState.READY | NodeState.BUSY:
            return Idle(cause=IdleCause.NO_JOB, words=f"no job of pool {pool} is wanted")
