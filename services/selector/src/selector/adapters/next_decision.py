"""The answer to "what would be next", as it travels."""

from __future__ import annotations

from enum import StrEnum

from carnival.contracts.envelope import Value
from carnival.contracts.ids import CandidateId, Position, RunId
from carnival.contracts.job import Competitor
from carnival.contracts.run import Raffle, RunPolicy
from selector.application.ports import ReadModelUnavailable
from selector.application.preview_choice import Preview, PreviewChoice
from selector.domain.raffle import tickets
from selector.domain.request import recorded
from selector.domain.work import BaseWork, ChildWork, NoWork, WaitingForApproval

READ_MODEL_UNAVAILABLE = "read_model_unavailable"


class Mode(StrEnum):
    """SEL-10."""

    CHILD_GENERATION = "child_generation"
    BASE_GENERATION = "base_generation"
    NO_WORK = "no_work"
    WAITING_FOR_APPROVAL = "waiting_for_approval"


class NextDecisionAsked(Value):
    """`run_id` None asks over all runs."""

    run_id: RunId | None = None


class NextDecision(Value):
    """What would be next at log position `position`, were there room for another job.

    `step_order` and `pool` are those of the job (of an approval: the step that waits for it). `parent_id` is known if
    there is one competitor only; else the raffle among `competitors` (the first 200 in creation order) decides, the
    chance of each being its tickets of `tickets_total`; `raffle` says how ratings become tickets. `reason` says why
    there is no work.
    """

    position: Position
    policy: RunPolicy
    mode: Mode
    run_id: RunId | None = None
    step_order: int | None = None
    pool: str | None = None
    parent_id: CandidateId | None = None
    competitors: tuple[Competitor, ...] = ()
    competitors_total: int = 0
    tickets_total: int = 0
    raffle: Raffle = Raffle()
    reason: str | None = None


async def answer(asked: NextDecisionAsked, preview: PreviewChoice, policy: RunPolicy) -> NextDecision:
    """The answer; an unreadable read model is an answer, too."""
    try:
        return as_decision(await preview(asked.run_id), policy)
    except ReadModelUnavailable:
        return NextDecision(position=Position(0), policy=policy, mode=Mode.NO_WORK, reason=READ_MODEL_UNAVAILABLE)


def as_decision(preview: Preview, policy: RunPolicy) -> NextDecision:
    known = {"position": preview.position, "policy": _policy_of(preview, policy)}
    known |= {"run_id": preview.run.run_id if preview.run else None}
    match preview.work:
        case ChildWork() as work:
            return NextDecision.model_validate(known | _raffle(work, preview))
        case BaseWork(step=step):
            place = {"step_order": step.order, "pool": step.pool}
            return NextDecision.model_validate(known | place | {"mode": Mode.BASE_GENERATION})
        case WaitingForApproval(step=step):
            place = {"step_order": step.order, "pool": step.pool}
            return NextDecision.model_validate(known | place | {"mode": Mode.WAITING_FOR_APPROVAL})
        case NoWork(reason=reason):
            return NextDecision.model_validate(known | {"mode": Mode.NO_WORK, "reason": reason.value})


def _policy_of(preview: Preview, default: RunPolicy) -> RunPolicy:
    """Several runs compete in a pool only."""
    if preview.run is None:
        return RunPolicy.GLOBAL if isinstance(preview.work, ChildWork) else default
    return preview.run.policy or default


def _raffle(work: ChildWork, preview: Preview) -> dict[str, object]:
    step = preview.run.step_after(work.step_order) if preview.run else None
    return {
        "mode": Mode.CHILD_GENERATION,
        "step_order": step.order if step else None,
        "pool": step.pool if step else None,
        "parent_id": work.competitors[0].candidate_id if len(work.competitors) == 1 else None,
        "competitors": recorded(work.competitors, preview.raffle),
        "competitors_total": len(work.competitors),
        "tickets_total": sum(tickets(work.competitors, preview.raffle)),
        "raffle": preview.raffle,
    }
