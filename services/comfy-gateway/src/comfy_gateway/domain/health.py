"""When a server is trusted with jobs, and when it is not: strikes, quarantine, canaries.

A strike is a failure of the server itself. Too many of them within a while, none of its jobs ending well in between,
mean quarantine: no jobs, but a canary after a pause, then after ever longer ones, until one comes back well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from carnival.contracts.job import FailureClass, FailureCode
from comfy_gateway.domain.failure import Failure

DOUBLINGS_MAX: Final = 16

_OWN_FAULTS: Final = frozenset(
    {
        FailureCode.UNREACHABLE,
        FailureCode.LOST,
        FailureCode.NODE_TIMEOUT,
        FailureCode.SERVER_ERROR,
        FailureCode.BAD_IMAGE,
    }
)
"""Not among them: interrupted by a person, an image store that takes nothing, a fault of the gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRules:
    """`strikes_max` strikes within `window_seconds` are too many. Pauses double from the first to the longest."""

    strikes_max: int
    window_seconds: float
    first_pause_seconds: float
    longest_pause_seconds: float

    def pause(self, doublings: int) -> timedelta:
        seconds = self.first_pause_seconds * 2.0 ** min(doublings, DOUBLINGS_MAX)
        return timedelta(seconds=min(seconds, self.longest_pause_seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """No jobs since `since`; the next canary goes at `until`. `canaries` counts those that failed."""

    since: datetime
    until: datetime
    reason: str
    canaries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What is held against a server. `relapses` counts its quarantines since the last job that ended well."""

    strikes: tuple[datetime, ...] = ()
    relapses: int = 0
    quarantine: Quarantine | None = None

    def struck(self, rules: HealthRules, words: str, now: datetime) -> Health:
        """One more failure of its own; what it still fails at in quarantine says nothing new."""
        if self.quarantine is not None:
            return self
        oldest = now - timedelta(seconds=rules.window_seconds)
        strikes = (*(strike for strike in self.strikes if strike > oldest), now)
        if len(strikes) < rules.strikes_max:
            return replace(self, strikes=strikes)
        again = f"{len(strikes)} times" if len(strikes) > 1 else "once"
        reason = f"It failed {again} within {rules.window_seconds:.0f} s for reasons of its own, the last: {words}"
        quarantine = Quarantine(since=now, until=now + rules.pause(self.relapses), reason=reason)
        return Health(relapses=self.relapses + 1, quarantine=quarantine)

    def proved(self) -> Health:
        """One of its jobs ended well: nothing is held against it any more, nor is it kept in quarantine."""
        return Health()

    def canary_passed(self) -> Health:
        """It may take jobs again. If it fails them, it is not trusted as quickly the next time."""
        return replace(self, strikes=(), quarantine=None)

    def canary_failed(self, rules: HealthRules, words: str, now: datetime) -> Health:
        """The next one goes after a longer pause."""
        held = self.quarantine
        if held is None:
            return self
        failed = held.canaries + 1
        until = now + rules.pause(self.relapses - 1 + failed)
        words = f"{_without_canary(held.reason)}; canary {failed} failed: {words}"
        return replace(self, quarantine=replace(held, until=until, canaries=failed, reason=words))

    def wants_canary(self, now: datetime) -> bool:
        """When it is due, and at once where the clock was set back to before the quarantine."""
        return self.quarantine is not None and not self.quarantine.since <= now < self.quarantine.until


def is_own_fault(failure: Failure) -> bool:
    """Whether a job failed because of the server, and not of the picture, the workflow, the store or a person."""
    return failure.failure_class is FailureClass.INFRASTRUCTURE and failure.code in _OWN_FAULTS


def _without_canary(reason: str) -> str:
    return reason.partition("; canary ")[0]
