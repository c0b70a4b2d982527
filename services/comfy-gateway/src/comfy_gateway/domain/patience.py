"""How long a submitted job is waited for (CMF-3, JOB-10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from comfy_gateway.domain.verdict import Rendering, Unknown, Verdict


class Judgement(StrEnum):
    WAIT = "wait"
    LOST = "lost"
    OVERDUE = "overdue"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Limits in seconds: in neither queue nor history; waiting or rendering; no answer from the node."""

    lost_grace: float
    deadline: float
    unreachable_grace: float


@dataclass(frozen=True, slots=True)
class Watch:
    """What was seen of one submitted job. Times are those of any monotonic clock, in seconds."""

    since: float
    rendering: bool = False
    unknown_since: float | None = None
    silent_since: float | None = None

    def saw(self, verdict: Verdict, now: float) -> Watch:
        """The server answered. The deadline counts anew when the job leaves the queue and renders."""
        began = isinstance(verdict, Rendering) and not self.rendering
        unknown = isinstance(verdict, Unknown)
        return replace(
            self,
            since=now if began else self.since,
            rendering=self.rendering or began,
            unknown_since=(now if self.unknown_since is None else self.unknown_since) if unknown else None,
            silent_since=None,
        )

    def heard_nothing(self, now: float) -> Watch:
        """The server did not answer. Nothing is known of the job then, so it is not unknown either."""
        silent_since = now if self.silent_since is None else self.silent_since
        return replace(self, unknown_since=None, silent_since=silent_since)

    def judged(self, patience: Patience, now: float) -> Judgement:
        if self.silent_since is not None and now - self.silent_since >= patience.unreachable_grace:
            return Judgement.UNREACHABLE
        if self.unknown_since is not None and now - self.unknown_since >= patience.lost_grace:
            return Judgement.LOST
        return Judgement.OVERDUE if now - self.since >= patience.deadline else Judgement.WAIT
