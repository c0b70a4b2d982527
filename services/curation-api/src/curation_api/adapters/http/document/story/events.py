"""The story as the log tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from curation_api.adapters.http.document.story.decisions import DECISION
from curation_api.adapters.http.document.story.images import FINAL_IMAGE
from curation_api.adapters.http.document.story.members import Another, Members
from curation_api.adapters.http.document.story.ratings import COMPARISON
from curation_api.adapters.http.document.story.runs import RUNS
from curation_api.adapters.http.document.worked_example import worked_examples
from curation_api.adapters.http.example_ids import (
    ADOPTED,
    BASE_JOB,
    CANDIDATE,
    CAUSE,
    FAILED_JOB,
    FINAL,
    FORK,
    OPEN_JOB,
    OTHER_EVENT,
    REJECTED,
    RUN,
)

_FILE: Final = ("place", "sha256", "pixel_sha256")

IMAGE_EVENT: Final[Members] = {
    "position": 4702,
    "subject": f"carnival.events.run.{RUN}.ImageProduced",
    "type": "ImageProduced",
    "time": "2026-03-01T20:14:45Z",
    "event_id": OTHER_EVENT,
    "source": "comfy-gateway",
    "actor": None,
    "causation_id": CAUSE,
    "event": Another("ImageProduced"),
}


def _pipeline() -> dict[str, Any]:
    """As it was defined, with what became of its steps."""
    worked = worked_examples()
    seen: dict[str, Any] = worked["PipelineView"]
    steps = [{name: step[name] for name in step if name != "placeholders"} for step in seen["steps"]]
    variables: list[dict[str, Any]] = worked["PipelineBody"]["variables"]
    return {"name": seen["name"], "description": seen["description"], "steps": steps, "variables": variables}


EVENTS: Final[Mapping[str, Members]] = {
    "EventView": {"event": Another("VoteCast"), "causation_id": None, "problem": None},
    "RecordedCeilings": RUNS["Ceilings"],
    "RecordedComparison": COMPARISON,
    "PipelineDefined": _pipeline(),
    "RunStarted": {"pipeline_position": 17, "cell": None, "origin": None},
    "StepPaused": {"reason": "5 jobs failed one after the other", "consecutive_failures": 5},
    "JobRequested": {"step_order": 2, "seed": 1000019, "random": 471108252, "moment_ms": 1772396060000},
    "Decision": DECISION,
    "RescoringFinished": {"up_to": 4704, "votes": 20},
    "AttemptFailed": {"job_id": FAILED_JOB, "gpu_seconds": 0.0},
    "JobFailed": {"job_id": FAILED_JOB, "gpu_seconds": 0.0},
    "JobCancelled": {"job_id": OPEN_JOB},
    "NodeImage": {"filename": "preview_00019_.png", "type": "output"},
    "ImageProduced": {
        "candidate_id": FINAL,
        "step_order": 2,
        "image": Another("StoredImage", {name: FINAL_IMAGE[name] for name in _FILE}),
    },
    "ImagesDiscarded": {"candidate_ids": [REJECTED]},
    "CandidateRejected": {"candidate_id": REJECTED, "walk_id": None},
    "CandidateRestored": {"candidate_id": REJECTED},
    "WinnerChosen": {"candidate_id": FINAL},
    "VoteCast": {"guest_link": None},
    "TreeAdopted": {"run_id": FORK, "votes": []},
    "AdoptedCandidate": {
        "candidate_id": ADOPTED,
        "source_id": CANDIDATE,
        "parent_id": None,
        "job_id": BASE_JOB,
        "job_number": 17,
        "seed": 1000017,
        "reject_reason": None,
        "down_since": None,
        "created_at": "2026-03-01T20:12:10Z",
        "position": 4640,
    },
}
