"""Why two of the images were made, explained as the API explains it."""

from __future__ import annotations

from dataclasses import asdict
from math import exp
from typing import Any, Final

from carnival.contracts.ids import CandidateId, Position
from carnival.contracts.job import Competitor, Decision, SelectionMode
from carnival.contracts.run import Raffle, RaffleWeights
from curation_api.adapters.http.document.story.members import Members
from curation_api.adapters.http.example_ids import BASE_JOB, CANDIDATE, FINAL, OTHER_CANDIDATE
from curation_api.domain.decision_record import Asked, explain

_BEST: Final = 1_000_000
_NEXT: Final = round(_BEST * exp((1016 - 1061) / 100))
_RAFFLE: Final = Raffle(weights=RaffleWeights.BOLTZMANN)
_DRAWN: Final = Decision(
    mode=SelectionMode.CHILD_GENERATION,
    policy="round_robin",
    competitors_total=2,
    tickets_total=_BEST + _NEXT,
    competitors=(
        Competitor(candidate_id=CandidateId(OTHER_CANDIDATE), tickets=_BEST),
        Competitor(candidate_id=CandidateId(CANDIDATE), tickets=_NEXT),
    ),
    draw=1_204_551,
    raffle=_RAFFLE,
    read_position=Position(4681),
)
_BASE: Final = Decision(
    mode=SelectionMode.BASE_GENERATION, policy="round_robin", raffle=_RAFFLE, read_position=Position(4630)
)


def _record(decision: Decision, step_name: str, parent_id: str | None) -> dict[str, Any]:
    parent = CandidateId(parent_id) if parent_id else None
    asked = Asked(
        decision=decision, profile="autonomous", step_name=step_name, parent_id=parent, parent_step_name="Base"
    )
    found = explain(asked)
    entries = [{**asdict(entry), "share": round(entry.share, 4)} for entry in found.entries]
    return {
        **decision.model_dump(mode="json", exclude={"competitors"}),
        "step_name": step_name,
        "parent_id": parent_id,
        "competitors": entries,
        "unrecorded": found.unrecorded,
        "winner": next((entry for entry in entries if entry["won"]), None),
        "reasons": [asdict(reason) for reason in found.reasons],
        "would_change": list(found.would_change),
    }


DECISION: Final[Members] = _DRAWN.model_dump(mode="json")
"""As the log has it, of the job that made the final."""
FINAL_RECORD: Final[Members] = {
    **_record(_DRAWN, "Face Fix", CANDIDATE),
    "step_order": 2,
    "candidate_id": FINAL,
    "position": 4688,
}
BASE_RECORD: Final[Members] = {
    **_record(_BASE, "Base", None),
    "step_order": 1,
    "job_id": BASE_JOB,
    "number": 17,
    "candidate_id": CANDIDATE,
    "seed": "1000017",
    "requested_at": "2026-03-01T20:11:45Z",
    "position": 4632,
}
