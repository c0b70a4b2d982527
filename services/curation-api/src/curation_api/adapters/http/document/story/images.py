"""Two base images, what the next step made of the first, and the vote on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from curation_api.adapters.http.document.story.members import Another, Members
from curation_api.adapters.http.document.vocabulary import MOMENT, WORDS
from curation_api.adapters.http.example_ids import (
    BASE_JOB,
    CANDIDATE,
    FINAL,
    JOB,
    OTHER_CANDIDATE,
    REJECTED,
    REJECTED_JOB,
)

LIVE: Final = {"status": "active", "live": True, "state": "live"}
KILLED: Final = {"status": "rejected", "live": False, "state": "rejected"}


def _addresses(candidate_id: str) -> dict[str, str]:
    return {name: f"/api/candidates/{candidate_id}/{name}" for name in ("image", "thumbnail")}


_BASE_NODE: Final = {
    **LIVE,
    "candidate_id": CANDIDATE,
    "parent_id": None,
    "depth": 0,
    "step_order": 1,
    "rating": 1016,
    "votes": 6,
    "children": 2,
    "live_children": 1,
    "open_jobs": 1,
    "position": 4640,
}
_FINAL_NODE: Final = {
    **LIVE,
    "candidate_id": FINAL,
    "parent_id": CANDIDATE,
    "depth": 1,
    "step_order": 2,
    "rating": 1040,
    "votes": 4,
    "children": 0,
    "live_children": 0,
    "open_jobs": 0,
    "position": 4702,
}
_BASE: Final = {
    **_BASE_NODE,
    **_addresses(CANDIDATE),
    "is_final": False,
    "root_id": CANDIDATE,
    "job_id": BASE_JOB,
    "job_number": 17,
    "seed": "1000017",
    "reject_reason": None,
    "created_at": "2026-03-01T20:12:10Z",
}
FINAL_IMAGE: Final = {
    **_FINAL_NODE,
    **_addresses(FINAL),
    "is_final": True,
    "root_id": CANDIDATE,
    "job_id": JOB,
    "job_number": 19,
    "seed": "1000019",
    "place": "2026-03-01_gym-shoot/face-fix/a0f94e8de4d3c2b1_1772396060.png",
    "sha256": "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce",
    "pixel_sha256": "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
    "created_at": "2026-03-01T20:14:45Z",
}
_REJECTED_IMAGE: Final = {
    **FINAL_IMAGE,
    **KILLED,
    **_addresses(REJECTED),
    "candidate_id": REJECTED,
    "job_id": REJECTED_JOB,
    "job_number": 18,
    "seed": "1000018",
    "rating": 984,
    "votes": 2,
    "reject_reason": "killed",
    "reject_note": "six fingers",
    "place": "2026-03-01_gym-shoot/face-fix/f1e04d9cd5c4b3a2_1772395990.png",
    "sha256": "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35",
    "pixel_sha256": "ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f5564afe39d",
    "created_at": "2026-03-01T20:13:50Z",
    "position": 4681,
}
CHILDREN: Final = [Another("CandidateView", _REJECTED_IMAGE), Another("CandidateView", FINAL_IMAGE)]


def branch(base: Mapping[str, int], final: Mapping[str, int]) -> dict[str, Any]:
    """A branch of the first image: what is in each of the two steps, and both together."""
    steps = [{"step_order": order, **counts} for order, counts in enumerate((base, final), 1)]
    return {**{name: base[name] + final[name] for name in base}, "steps": steps}


_NONE_LEFT: Final = {"live": 0, "dead": 0, "open_jobs": 0}
_BASE_ALONE: Final = {"live": 1, "dead": 0, "open_jobs": 1}
_RIGHT_STANDING: Final = {"candidate_id": OTHER_CANDIDATE, "rating": 1061, "votes": 5, "rank": 1}
_SIDES: Final = {
    "left": Another("SideView", {**_addresses(CANDIDATE), "parent_id": None}),
    "right": Another("SideView", {"candidate_id": OTHER_CANDIDATE, "parent_id": None, **_addresses(OTHER_CANDIDATE)}),
}
_VOTED_ON: Final = Another("PairView", {"voting": False, "open_pairs": None})
_OTHER_BLIND_SIDE: Final = {"candidate_id": OTHER_CANDIDATE, "image": _addresses(OTHER_CANDIDATE)["image"]}
_OF_A_MEMBER: Final = {"guest_link": None, "merged": False}
PATH: Final = [
    {"candidate_id": CANDIDATE, "step_order": 1, "step_name": "Base", "rejected": False, "live": True}
    | {"killed_here": False, "shown": True},
    {"candidate_id": FINAL, "step_order": 2, "step_name": "Face Fix", "rejected": True, "live": False}
    | {"killed_here": True, "shown": False},
]

IMAGES: Final[Mapping[str, Members]] = {
    "TreeNode": _BASE_NODE,
    "Page_TreeNode_": {"items": [Another("TreeNode"), Another("TreeNode", _FINAL_NODE)]},
    "CandidateView": _BASE,
    "JudgedCandidate": _BASE,
    "ExportedImage": {
        **_BASE,
        "rank": 2,
        "winner": False,
        "file": WORDS["place"].example,
        "file_sha256": WORDS["sha256"].example,
        "absence": None,
    },
    "Lineage": {"children": CHILDREN, "descendants_live": 1},
    "GalleryPage": {
        "step": 1,
        "steps": [{"order": 1, "name": "Base", "live": 8}, {"order": 2, "name": "Face Fix", "live": 2}],
    },
    "BranchView": branch(_BASE_ALONE, {"live": 1, "dead": 0, "open_jobs": 0}),
    "DiscardsView": {"discarded_images": 2, "discarded_bytes": 2964066, "remaining": 8},
    "VoteView": _OF_A_MEMBER,
    "CastVoteView": {
        **_OF_A_MEMBER,
        "left": {**_RIGHT_STANDING, "candidate_id": CANDIDATE, "rating": 1016, "votes": 6, "rank": 2}
        | {"both_bad": 0, "live": True},
        "right": {**_RIGHT_STANDING, "both_bad": 0, "live": True},
    },
    "PairView": _SIDES,
    "BlindPair": {"right": Another("BlindSide", _OTHER_BLIND_SIDE)},
    "WalkView": {"pair": _VOTED_ON, "end": None},
    "KillWalkView": {
        "path": PATH,
        "branch": branch(_NONE_LEFT, _NONE_LEFT),
        "pair": _VOTED_ON,
        "preview": branch(_BASE_ALONE, _NONE_LEFT),
        "answers": ["only_this", "parent_too", "further_left"],
        "end": None,
    },
    "PreferenceRow": {
        "label_0": 1,
        "best_image_uid": CANDIDATE,
        "num_example_per_prompt": 30,
        "ranking_id": 4711,
        "created_at": MOMENT,
        "seed_0": "1000017",
        "seed_1": "1000016",
    },
}
