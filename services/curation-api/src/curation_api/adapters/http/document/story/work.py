"""What was rendered and counted: jobs, servers, figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from curation_api.adapters.http.document.story.decisions import FINAL_RECORD
from curation_api.adapters.http.document.story.members import Another, Members
from curation_api.adapters.http.document.vocabulary import MOMENT, STARTED
from curation_api.adapters.http.example_ids import (
    FAILED_JOB,
    FINAL,
    OPEN_JOB,
    OTHER_RUN,
    RUN,
)
from curation_api.application.views.analytics import TotalsRow, totals_view

_HOUR_COST: Final = 1.5
_FAILED_AT: Final = "2026-03-01T20:08:00Z"
_DONE: Final = {
    "step_order": 2,
    "failure_class": None,
    "failure_code": None,
    "message": None,
    "cancel_reason": None,
    "candidate_id": FINAL,
    "position": 4702,
    "progress": None,
}
_OPEN: Final = {
    "job_id": OPEN_JOB,
    "number": 23,
    "state": "submitted",
    "seed": "1000023",
    "candidate_id": None,
    "gpu_seconds": 0.0,
    "requested_at": "2026-03-01T20:14:50Z",
    "submitted_at": "2026-03-01T20:14:55Z",
    "ended_at": None,
    "position": 4708,
    "progress": {"percent": 40, "step": 8, "steps": 20, "node": "Sampler"},
}
OPEN_JOB_VIEW: Final = Another("JobView", _OPEN)


def _figures(images: int, gpu_seconds: float) -> dict[str, Any]:
    """What was made, of one run or of all, counted by all that it is counted by."""
    totals = totals_view(TotalsRow(images=images, finals=2, gpu_seconds=gpu_seconds, votes=30), _HOUR_COST)
    made = {"images": images, "failed": 2, "gpu_seconds": gpu_seconds}
    return {
        "since": "2026-03-01T20:00:00Z",
        "totals": totals.model_dump(),
        "servers": [Another("ServerFigures", made)],
        "failures": [
            Another("FailureFigures", {"code": "unreachable", "count": 2, "gpu_seconds": 0.0, "last_at": _FAILED_AT})
        ],
        "hours": [{"hour": "2026-03-01T20:00:00Z", **made, "votes": 30}],
        "voters": [
            {"voter": voter, "votes": votes, "milliseconds_median": 850.0, "left_share": 0.5, "agreement": 0.8}
            for voter, votes in (("ada", 18), ("ben", 12))
        ],
        "agreement": {"pairs": 10, "share": 0.8},
    }


_ALL: Final = _figures(25, 310.0)
_STEPS: Final = [
    Another(
        "StepFiguresView",
        {"name": "Base", "live": 8, "rejected": 2, "dead": 0, "conversion": 0.5, "images": 10, "failed": 1}
        | {"images_per_hour": 10.0, "gpu_seconds": 130.0},
    ),
    Another(
        "StepFiguresView",
        {"order": 2, "name": "Face Fix", "live": 2, "rejected": 4, "dead": 4, "conversion": None, "images": 10}
        | {"failed": 1, "images_per_hour": 10.0, "gpu_seconds": 120.0}
        | {
            "ratings": {
                "lowest": 1012,
                "lower_quartile": 1019.0,
                "median": 1026.0,
                "upper_quartile": 1033.0,
                "highest": 1040,
            }
        },
    ),
]
_LACKING: Final = {
    "run_id": OTHER_RUN,
    "run_name": "Studio Light",
    "order": 2,
    "name": "Face Detail",
    "readiness": "missing",
    "warning": "No server of pool default has the node class FaceDetailer",
}
_SERVER: Final = {
    "state": "busy",
    "reason": "",
    "version": "0.12.3",
    "devices": [Another("Device", {"name": "cuda:0", "type": "cuda"})],
    "current_jobs": [{"job_id": OPEN_JOB, "run_id": RUN, "step_order": 2, "attempt": 1, "phase": "posted"}],
    "last_errors": [Another("NodeError", {"job_id": FAILED_JOB, "time": _FAILED_AT})],
    "idle": None,
}

WORK: Final[Mapping[str, Members]] = {
    "JobView": _DONE,
    "JobDetail": {**_DONE, "decision": Another("Decision")},
    "DecisionRecord": FINAL_RECORD,
    "NodePresence": _SERVER,
    "BlockedStepView": _LACKING,
    "StepReadinessView": {"name": "Base", "lacks": []},
    "FleetView": {"drains": [Another("DrainView", {"gateway": "gateway-2", "node": None, "since": MOMENT})]},
    "DrainView": {"since": STARTED},
    "Status": {
        "jobs": {"pending": 0, "submitted": 1, "completed": 25, "failed": 2},
        "running": 1,
        "runs": [
            {"run_id": OTHER_RUN, "name": "Studio Light", "images": 5, "open_jobs": 0},
            {"run_id": RUN, "name": "Gym Shoot", "images": 20, "open_jobs": 1},
        ],
    },
    "TotalsView": _ALL["totals"],
    "RecentView": {"images": 25, "votes": 30, "gpu_seconds": 310.0, "cost": _ALL["totals"]["cost"]},
    "AnalyticsView": _ALL,
    "RunAnalyticsView": {**_figures(20, 250.0), "steps": _STEPS},
}
