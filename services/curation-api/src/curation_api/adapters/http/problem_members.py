"""What kinds of problems say beside the standard members, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, Field

from curation_api.adapters.http.example_ids import CANDIDATE, RUN, VOTE


class KindMembers(BaseModel):
    """Each is there only in problems of the kinds it belongs to; `/problems` says which those are."""

    bytes: int | None = Field(default=None, description="How large the event would be.", examples=[2097152])
    candidate_id: str | None = Field(default=None, description="The image it is about.", examples=[CANDIDATE])
    candidate_ids: list[str] | None = Field(default=None, description="The images it is about.", examples=[[CANDIDATE]])
    cells: int | None = Field(default=None, description="How many runs the matrix would start.", examples=[120])
    column: int | None = Field(
        default=None, description="Where the template stops being JSON; counts from 1.", examples=[7]
    )
    discarded: bool | None = Field(default=None, description="The original was given up for good.", examples=[True])
    events: int | None = Field(default=None, description="How many events the command would write.", examples=[1200])
    expires_at: datetime | None = Field(
        default=None, description="The moment that has passed.", examples=["2020-03-01T20:15:00Z"]
    )
    folder: str | None = Field(default=None, description="The folder as it was given.", examples=["/etc"])
    k: int | None = Field(default=None, description="The K the step was approved with.", examples=[3])
    line: int | None = Field(
        default=None, description="Where the template stops being JSON; counts from 1.", examples=[12]
    )
    name: str | None = Field(default=None, description="Who sent the request.", examples=["ada"])
    needed_role: str | None = Field(default=None, description="The least role that may do this.", examples=["curator"])
    nodes: int | None = Field(default=None, description="How many nodes the workflow has.", examples=[2400])
    position: int | None = Field(
        default=None, description="Log position: where the log ends, or what is not shown yet.", examples=[4711]
    )
    role: str | None = Field(default=None, description="The role of whoever sent the request.", examples=["voter"])
    run_id: str | None = Field(default=None, description="The run the image belongs to.", examples=[RUN])
    size: int | None = Field(default=None, description="Size of the file, in bytes.", examples=[1482033])
    step: str | None = Field(default=None, description="Name of the step.", examples=["Face Fix"])
    system: str | None = Field(default=None, description="The rating system as it was given.", examples=["elo2"])
    types: list[str] | None = Field(
        default=None, description="The types of events that are sent.", examples=[["ImageProduced", "VoteCast"]]
    )
    variable: str | None = Field(default=None, description="The variable, of several the first.", examples=["style"])
    variables: list[str] | None = Field(
        default=None, description="All variables that are missing.", examples=[["style", "cfg"]]
    )
    version: str | None = Field(
        default=None, description="Names the state it is in by now, as an ETag does.", examples=["9c1f0a2b3d4e5f60"]
    )
    vote_id: str | None = Field(default=None, description="The vote it is about.", examples=[VOTE])
    vote_ids: list[str] | None = Field(default=None, description="The votes it is about.", examples=[[VOTE]])
    wrong: list[str] | None = Field(default=None, description="Variables whose values do not fit.", examples=[["cfg"]])


MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "acting-for-others": ("name",),
    "already-approved": ("k",),
    "already-rejected": ("candidate_id",),
    "bad-declaration": ("variable",),
    "bad-folder": ("folder",),
    "bad-matrix": ("cells", "variable"),
    "bad-moment": ("position",),
    "bad-range": ("size",),
    "bad-rating-system": ("system",),
    "bad-template": ("step", "line", "column"),
    "bad-text": ("step", "types"),
    "bad-variable": ("variable", "wrong"),
    "candidate-elsewhere": ("candidate_id", "candidate_ids", "run_id"),
    "candidate-live": ("candidate_ids",),
    "candidate-not-live": ("candidate_id", "candidate_ids"),
    "candidate-unknown": ("candidate_id", "candidate_ids"),
    "changed-since": ("version",),
    "expiry-past": ("expires_at",),
    "guests-only": ("role",),
    "image-discarded": ("discarded",),
    "missing-variable": ("variable", "variables", "step", "wrong"),
    "not-for-guests": ("needed_role",),
    "other-column": ("run_id",),
    "other-voter": ("vote_id", "vote_ids"),
    "position-ahead": ("position",),
    "projection-behind": ("position",),
    "role-too-low": ("needed_role", "role"),
    "same-candidate": ("candidate_id",),
    "same-picture": ("candidate_ids",),
    "too-large": ("bytes", "events", "nodes"),
    "unauthenticated": ("needed_role",),
    "vote-unknown": ("vote_ids",),
}
"""By kind, what its problems may say; which of these depends on the situation."""

_ALWAYS_TOGETHER: Final = frozenset({"role-too-low", "missing-variable", "bad-variable"})


def example_members(kind: str) -> dict[str, Any]:
    """What a problem of `kind` says, for its example: all that come together, else the first."""
    names = MEMBERS.get(kind, ())
    shown = names if kind in _ALWAYS_TOGETHER else names[:1]
    return {name: (KindMembers.model_fields[name].examples or [None])[0] for name in shown}
