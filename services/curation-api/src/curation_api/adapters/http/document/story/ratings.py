"""What rates, what another system changed, and what other settings would have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from curation_api.adapters.http.document.story.members import Members
from curation_api.adapters.http.example_ids import CANDIDATE, FINAL, JOB, OTHER_CANDIDATE, OTHER_FINAL, RESCORING, RUN


def _move(candidate_id: str, step_order: int, places: tuple[int, int], ratings: tuple[int, int]) -> dict[str, Any]:
    before = {"place_before": places[0], "rating_before": ratings[0]}
    after = {"place_after": places[1], "rating_after": ratings[1]}
    return {"run_id": RUN, "step_order": step_order, "candidate_id": candidate_id, **before, **after}


COMPARISON: Final[Members] = {
    "columns": 2,
    "agreements": [
        {"run_id": RUN, "step_order": 1, "candidates": 8, "votes": 14, "kendall": 0.93, "spearman": 0.98},
        {"run_id": RUN, "step_order": 2, "candidates": 2, "votes": 6, "kendall": -1.0, "spearman": -1.0},
    ],
    "kendall": 0.54,
    "spearman": 0.58,
    "moves_total": 4,
    "moves": [
        _move(CANDIDATE, 1, (1, 2), (1130, 1016)),
        _move(OTHER_CANDIDATE, 1, (2, 1), (1090, 1061)),
        _move(FINAL, 2, (2, 1), (1005, 1040)),
        _move(OTHER_FINAL, 2, (1, 2), (1021, 1012)),
    ],
    "finals_total": 1,
    "finals": [{"run_id": RUN, "before": [OTHER_FINAL, FINAL], "after": [FINAL, OTHER_FINAL]}],
}
_PROMOTED: Final = {"state": "promoted", "in_force": True, "up_to": 4704, "votes": 20, "position": 4706}

RATINGS: Final[Mapping[str, Members]] = {
    "Comparison": COMPARISON,
    "RescoringSummary": _PROMOTED,
    "RescoringView": {**_PROMOTED, "progress": None},
    "WorkProgress": {
        "id": RESCORING,
        "done": 10,
        "total": 30,
        "seconds": 0.1,
        "per_second": 100.0,
        "seconds_left": 0.2,
    },
    "RatingsView": {"position": 4709},
    "WhatIf": {
        "decisions": 23,
        "same": 20,
        "drawn_otherwise": 2,
        "left_out_total": 1,
        "left_out": [
            {"job_id": JOB, "number": 19, "step_order": 2, "parent_id": CANDIDATE, "reason": "no_parent"},
        ],
        "extra": [{"step_order": 1, "jobs": 1}],
        "gpu_seconds": 250.0,
        "gpu_seconds_saved": 12.5,
        "finals_before": 2,
        "finals_after": 1,
        "moves_total": 2,
        "moves": [
            {"candidate_id": FINAL, "place_before": 1, "place_after": None}
            | {"rating_before": 1040, "rating_after": None},
            {"candidate_id": OTHER_FINAL, "place_before": 2, "place_after": 1}
            | {"rating_before": 1012, "rating_after": 1012},
        ],
    },
}
