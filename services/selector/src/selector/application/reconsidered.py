"""What comes out of a history that is decided again: which jobs stay, which would not have been asked for, which finals
would stand elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from carnival.contracts.envelope import Recorded
from carnival.contracts.job import JobRequested
from carnival.contracts.past import CandidateFacts
from carnival.contracts.what_if import LISTED_MAX, ExtraJobs, FinalMove, LeftOutJob, WhatIf, WhatIfAsked
from selector.application.retold_run import RetoldRun
from selector.application.told_past import Ending
from selector.domain.hindsight import LeftOut, StillAsked, Wish, reconsidered, with_wishes
from selector.domain.rules import Limits


class Reconsidered:
    """What has come out so far."""

    def __init__(self, run: RetoldRun, limits: Limits, asked: WhatIfAsked) -> None:
        self.run = run
        self._limits = limits
        self._asked = asked
        self._wishes: list[Wish] = []
        self._left_out: list[LeftOutJob] = []
        self._decisions = self._same = self._drawn_otherwise = 0

    def look_at(self, request: Recorded[JobRequested]) -> None:
        job = request.event
        self._decisions += 1
        wish = Wish(job.step_order, job.parent.candidate_id if job.parent else None)
        if wish in self._wishes:
            self._wishes.remove(wish)
            return
        verdict = reconsidered(
            with_wishes(self.run.frontier(), self._wishes), job, self._limits, self.run.altered.policy
        )
        match verdict:
            case StillAsked(before=before, same=same, drawn_otherwise=otherwise):
                self._wishes += before
                self._same += same
                self._drawn_otherwise += otherwise
            case LeftOut(reason=reason):
                self.run.without.append(request.position)
                self._left_out.append(_left_out(job, reason))

    def result(self, plain: Ending, altered: Ending) -> WhatIf:
        moves = _moves(plain.finals, altered.finals)
        extra = Counter(wish.step_order for wish in self._wishes)
        return WhatIf(
            run_id=self._asked.run_id,
            position=self._asked.position,
            decisions=self._decisions,
            same=self._same,
            drawn_otherwise=self._drawn_otherwise,
            left_out_total=len(self._left_out),
            left_out=tuple(self._left_out[:LISTED_MAX]),
            extra=tuple(ExtraJobs(step_order=order, jobs=jobs) for order, jobs in sorted(extra.items())),
            gpu_seconds=plain.run.gpu_seconds,
            gpu_seconds_saved=round(plain.run.gpu_seconds - altered.run.gpu_seconds, 6),
            finals_before=len(plain.finals),
            finals_after=len(altered.finals),
            moves_total=len(moves),
            moves=tuple(moves[:LISTED_MAX]),
        )


def _left_out(job: JobRequested, reason: str) -> LeftOutJob:
    return LeftOutJob(
        job_id=job.job_id,
        number=job.number,
        step_order=job.step_order,
        parent_id=job.parent.candidate_id if job.parent else None,
        reason=reason,
    )


def _moves(before: Sequence[CandidateFacts], after: Sequence[CandidateFacts]) -> list[FinalMove]:
    """Finals whose place or rating is another one, by their place before; those that come new stand last."""
    then = {final.candidate_id: (place, final.rating) for place, final in enumerate(after, 1)}
    now = {final.candidate_id: (place, final.rating) for place, final in enumerate(before, 1)}
    return [
        FinalMove(
            candidate_id=one,
            place_before=now.get(one, (None, None))[0],
            place_after=then.get(one, (None, None))[0],
            rating_before=now.get(one, (None, None))[1],
            rating_after=then.get(one, (None, None))[1],
        )
        for one in dict.fromkeys([*now, *then])
        if now.get(one) != then.get(one)
    ]
