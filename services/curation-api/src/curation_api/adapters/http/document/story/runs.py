"""The run: counts of its two steps that add up, its leaders, its gate, and others beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from curation_api.adapters.http.document.story.members import Another, Members
from curation_api.adapters.http.document.story.work import OPEN_JOB_VIEW
from curation_api.adapters.http.document.vocabulary import FAR_MOMENT, MOMENT
from curation_api.adapters.http.example_ids import (
    ADOPTED_FINAL,
    CANDIDATE,
    FINAL,
    FORK,
    MATRIX,
    OTHER_ADOPTED_FINAL,
    OTHER_CANDIDATE,
    OTHER_FINAL,
    OTHER_PIPELINE,
    OTHER_RUN,
    RUN,
)
from curation_api.domain.dashboard import percent

_LEADERS: Final = [
    {"candidate_id": FINAL, "rating": 1040, "votes": 4},
    {"candidate_id": OTHER_FINAL, "rating": 1012, "votes": 3},
]
BASE_COLUMN: Final = {
    "order": 1,
    "name": "Base",
    "slug": "base",
    "live": 8,
    "rejected": 2,
    "dead": 0,
    "open_jobs": 0,
    "target": None,
    "percent": None,
    "complete": False,
    "approved_k": None,
    "consecutive_failures": 0,
    "last_failure": None,
}
_FINAL_COLUMN: Final = {
    **BASE_COLUMN,
    "order": 2,
    "name": "Face Fix",
    "slug": "face-fix",
    "live": 2,
    "rejected": 4,
    "dead": 4,
    "open_jobs": 1,
    "last_failure": {
        "failure_class": "infrastructure",
        "code": "unreachable",
        "message": "The server does not answer",
    },
}
_EMPTY: Final = {"live": 0, "rejected": 0, "dead": 0, "open_jobs": 0, "last_failure": None}


def columns(base: Members, final: Members, target: int) -> list[Another]:
    """Both steps of the run, of whose last so many live images are wanted."""
    whole: dict[str, Any] = {**_FINAL_COLUMN, **final}
    aim = {"target": target, "percent": percent(whole["live"], target)}
    return [Another("ColumnView", {**BASE_COLUMN, **base}), Another("ColumnView", {**whole, **aim})]


_CARD: Final = {
    "live": 10,
    "rejected": 6,
    "dead": 4,
    "finals": 2,
    "gpu_seconds": 250.0,
    "steps": columns({}, {}, 10),
    "leaders": _LEADERS,
    "matrix_id": None,
    "cell": None,
    "origin": None,
}
BEGUN: Final = {
    **_CARD,
    "live": 0,
    "rejected": 0,
    "dead": 0,
    "finals": 0,
    "open_jobs": 0,
    "images": 0,
    "votes": 0,
    "gpu_seconds": 0.0,
    "steps": columns(_EMPTY, _EMPTY, 10),
    "leaders": [],
    "winner_id": None,
}
FORKED: Final = {
    **_CARD,
    "run_id": FORK,
    "name": "Gym Shoot, wilder",
    "n": 4,
    "t": 20,
    "open_jobs": 0,
    "steps": columns({}, {"open_jobs": 0}, 20),
    "leaders": [
        {"candidate_id": ADOPTED_FINAL, "rating": 1040, "votes": 4},
        {"candidate_id": OTHER_ADOPTED_FINAL, "rating": 1012, "votes": 3},
    ],
    "winner_id": None,
    "origin": {"run_id": RUN, "position": 4711},
    "created_at": MOMENT,
}
_WAITING_RUN: Final = {
    **BEGUN,
    "run_id": OTHER_RUN,
    "name": "Studio Light",
    "pipeline_id": OTHER_PIPELINE,
    "pipeline_name": "Studio",
    "profile": "gated",
    "live": 5,
    "images": 5,
    "gpu_seconds": 60.0,
    "steps": columns(
        {**_EMPTY, "live": 5, "target": 5, "percent": 100, "complete": True},
        {**_EMPTY, "name": "Face Detail", "slug": "face-detail"},
        0,
    ),
}


def _cell(number: int, style: str) -> dict[str, object]:
    return {"matrix_id": MATRIX, "cell": {"matrix_id": MATRIX, "number": number, "values": {"style": style}}}


_WHOLE: Final = {**_CARD, "seconds_left": 100.0}
RUNS: Final[Mapping[str, Members]] = {
    "ColumnView": BASE_COLUMN,
    "LeaderView": _LEADERS[0],
    "Ceilings": {"images": 400, "gpu_seconds": 7200.0, "deadline": FAR_MOMENT},
    "Raffle": {"weights": "boltzmann"},
    "RunCard": _CARD,
    "RunView": _WHOLE,
    "RunAtView": {
        **_WHOLE,
        "tree": [Another("TreeNode")],
        "jobs": [OPEN_JOB_VIEW],
    },
    "MatrixView": {
        "runs": [
            Another("RunCard", _cell(1, "film grain")),
            Another("RunCard", {**BEGUN, **_cell(2, "noir"), "run_id": OTHER_RUN}),
        ]
    },
    "MatrixWritten": {
        "changed": 2,
        "items": [{"id": run_id, "changed": True, "void": None} for run_id in (RUN, OTHER_RUN)],
    },
    "GateView": {
        "name": "Base",
        "approved_k": None,
        "k": 1,
        "live": 2,
        "advancing": 1,
        "few_votes": 0,
        "waiting": True,
        "candidates": [
            {"candidate_id": OTHER_CANDIDATE, "rating": 1061, "votes": 5, "advances": True, "few_votes": False},
            {"candidate_id": CANDIDATE, "rating": 1016, "votes": 6, "advances": False, "few_votes": False},
        ],
    },
    "PipelineSummary": {
        "runs": 1,
        "name": "Portrait",
        "description": "Portraits; the second step draws their faces anew.",
    },
    "DashboardView": {
        "active_runs": 2,
        "open_jobs": 1,
        "runs": [Another("RunCard", _WAITING_RUN), Another("RunCard")],
        "waiting": [
            {"run_id": OTHER_RUN, "run_name": "Studio Light", "cause": "gate", "step_order": 1, "step_name": "Base"}
            | {"detail": "5 live images to choose from"}
        ],
        "capacity": {"servers": 1, "slots": 1, "busy": 1},
    },
}
