"""What an answer shows after a command: the things of the story, changed by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from curation_api.adapters.http.document.story.decisions import BASE_RECORD
from curation_api.adapters.http.document.story.events import IMAGE_EVENT
from curation_api.adapters.http.document.story.images import CHILDREN, KILLED, PATH, branch
from curation_api.adapters.http.document.story.members import Another, Members
from curation_api.adapters.http.document.story.runs import BEGUN, FORKED, columns
from curation_api.adapters.http.document.vocabulary import MOMENT
from curation_api.adapters.http.example_ids import CANDIDATE, FINAL, OTHER_CANDIDATE, VOTE

_REJECTED_BRANCH: Final = branch({"live": 0, "dead": 0, "open_jobs": 0}, {"live": 0, "dead": 1, "open_jobs": 0})
_RESTORED_BRANCH: Final = branch({"live": 1, "dead": 0, "open_jobs": 0}, {"live": 1, "dead": 0, "open_jobs": 0})
_NOT_IN_FORCE: Final = {"result": None}


def _result(**members: Any) -> dict[str, Any]:
    return {"result": members}


def _batch(ids: Sequence[str]) -> dict[str, Any]:
    return {"changed": len(ids), "items": [{"id": one, "changed": True, "void": None} for one in ids]}


OUTCOMES: Final[Mapping[str, Members]] = {
    "define_pipeline": {"position": 17},
    "define_version": {"position": 18, **_result(version=2, last_version=2, position=18)},
    "start_run": {"position": 4600, "result": {**BEGUN, "last_position": 4600, "seconds_left": None}},
    "change_run": _result(name="Gym Shoot, longer", n=4, t=20, steps=columns({}, {}, 20)),
    "pause_run": _result(paused=True, pause_reason="lunch", halted_by=["paused"], seconds_left=None),
    "complete_run": _result(
        status="completed",
        halted_by=["completed"],
        open_jobs=0,
        steps=columns({}, {"open_jobs": 0}, 10),
        seconds_left=None,
    ),
    "approve_step": _result(
        profile="gated", steps=columns({"approved_k": 3, "target": 5, "percent": 100, "complete": True}, {}, 6)
    ),
    "clear_winner": _result(winner_id=None),
    "fork_run": {"result": FORKED},
    "explain_candidate": BASE_RECORD,
    "list_job_events": {"items": [Another("EventView", IMAGE_EVENT)]},
    "list_children": {"items": CHILDREN},
    "retract_vote": _result(retracted=True),
    "retract_blind_vote": _result(retracted=True),
    "retract_votes": _batch([VOTE]),
    "reject_candidate": _result(
        **KILLED,
        reject_reason="killed",
        reject_note="six fingers",
        live_children=0,
        open_jobs=0,
        branch=_REJECTED_BRANCH,
    ),
    "restore_candidate": _result(open_jobs=0, branch=_RESTORED_BRANCH),
    "reject_candidates": _batch([CANDIDATE, OTHER_CANDIDATE]),
    "restore_candidates": _batch([CANDIDATE, OTHER_CANDIDATE]),
    "answer_walk": _result(
        path=[{**crumb, "shown": False} for crumb in PATH],
        **dict.fromkeys(("parent_id", "pair", "preview")),
        answers=[],
        end="only_this",
    ),
    "undo_walk": _batch([FINAL]),
    "request_rescoring": _result(
        state="requested",
        in_force=False,
        up_to=None,
        votes=None,
        digest=None,
        comparison=None,
        position=4711,
        progress=Another("WorkProgress"),
    ),
    "promote_rescoring": _result(state="promoted", in_force=True),
    "drop_rescoring": _result(state="dropped", in_force=False),
    "drain_gateway": {"id": "gateway-1", **_result(node=None)},
    "drain_node": {"id": "gateway-1/gpu-1"},
    "undrain_gateway": {"id": "gateway-1", **_NOT_IN_FORCE},
    "undrain_node": {"id": "gateway-1/gpu-1", **_NOT_IN_FORCE},
    "revoke_token": _result(revoked_at=MOMENT, state="revoked"),
    "revoke_guest_link": _result(revoked_at=MOMENT, state="revoked"),
    "separate_guest_votes": _result(guests=[Another("GuestFigures", {"merged": 0})]),
    "create_webhook": _result(dead_letters=0, backlog=0),
    "delete_webhook": _result(deleted_at=MOMENT, backlog=0, retrying=False),
    "redeliver": _result(dead_letters=0, backlog=1),
}
"""By operation: members that are other than in the kind's own example, those of `result` within it."""
