"""Approvals of gated runs (GATE)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carnival.contracts.run import Profile, StepApproved
from curation_api.domain.refusals import AlreadyApproved, FinalStep, NotGated, RunEnded, StepUnknown
from curation_api.domain.run import RunState

VOTES_ENOUGH = 5
"""GATE-8: below this many votes an image's place is hardly settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateState:
    """One step of a run as a gate: `last_order` is that of the final step."""

    step_order: int
    last_order: int
    approved_k: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A live image in the order of its column."""

    candidate_id: str
    rating: int
    votes: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A standing and what an approval would mean for it."""

    standing: Standing
    advances: bool
    few_votes: bool


def approve_step(run: RunState, gate: GateState | None, step_order: int, k: int) -> StepApproved:
    """The approval. Raises StepUnknown, NotGated, RunEnded, FinalStep, AlreadyApproved."""
    if gate is None:
        raise StepUnknown(f"The run has no step of order {step_order}")
    if run.profile != Profile.GATED:
        raise NotGated("The run grows by itself; only gated runs wait for approvals")
    if run.completed:
        raise RunEnded(f"The run {run.name!r} is completed")
    if gate.step_order == gate.last_order:
        raise FinalStep("The final step needs no approval")
    if gate.approved_k is not None:
        raise AlreadyApproved(
            f"The step was approved for the best {gate.approved_k}; an approval is final", k=gate.approved_k
        )
    return StepApproved(run_id=run.run_id, step_order=step_order, k=k)


def preview(column: Sequence[Standing], k: int) -> tuple[Placed, ...]:
    """The column best first, ties to the older (GATE-4), and who would advance with `k` (GATE-3)."""
    ranked = sorted(column, key=lambda standing: (-standing.rating, standing.position))
    return tuple(
        Placed(standing=standing, advances=place < k, few_votes=standing.votes < VOTES_ENOUGH)
        for place, standing in enumerate(ranked)
    )
