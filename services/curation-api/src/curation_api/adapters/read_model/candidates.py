"""Candidates from the read model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from carnival.contracts.ids import CandidateId, JobId, Position, RunId
from curation_api.adapters.read_model.reading import Reading
from curation_api.application.views.candidate import (
    BranchStep,
    BranchView,
    CandidateView,
    DiscardsView,
    JudgedCandidate,
    Lineage,
)
from curation_api.application.views.page import Page
from curation_api.application.views.vote import SideView
from curation_api.domain.candidate import CandidateState
from curation_api.domain.discarding import Fallen
from curation_api.domain.kill_walk import Ancestor, Neighbour, WalkState
from curation_api.domain.thumbnail import Original

CHILDREN_MAX = 200
NEIGHBOURS_MAX = 5000


class GalleryState(StrEnum):
    LIVE = "live"
    REJECTED = "rejected"
    DEAD = "dead"
    WINNER = "winner"


class GallerySort(StrEnum):
    RATING = "rating"
    CREATED = "created"


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryFilter:
    """GAL-2. None does not limit. `text` is looked for in the run's name and prompt; `variables` is a JSON object whose
    members the run's variables must hold."""

    run_id: RunId | None = None
    step: int | None = None
    state: GalleryState | None = None
    rating_min: int | None = None
    rating_max: int | None = None
    text: str | None = None
    variables: str | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """Where a candidate's image lies."""

    place: str
    sha256: str
    media_type: str
    discarded: bool
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where in the log a candidate or a job begins: its JobRequested."""

    run_id: RunId
    job_id: JobId
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The last image of a page: its rating and its position in creation order."""

    rating: int
    position: int


class PostgresCandidates(Reading):
    """Implements `ports.Candidates`, and the queries about candidates."""

    async def state(self, candidate_id: CandidateId) -> CandidateState | None:
        return await self.one("candidate_state", CandidateState, candidate_id=candidate_id)

    async def states(self, candidate_ids: Sequence[CandidateId]) -> dict[CandidateId, CandidateState]:
        found = await self.many("candidate_states", CandidateState, candidate_ids=list(candidate_ids))
        return {candidate.candidate_id: candidate for candidate in found}

    async def ids(self, beginning: str, limit: int) -> list[str]:
        """Those that begin so, in their order."""
        rows = await self.rows("candidate_ids", beginning=beginning, limit=limit)
        return [str(row["candidate_id"]) for row in rows]

    async def ancestry(self, candidate_id: CandidateId) -> list[Ancestor]:
        return await self.many("ancestry", Ancestor, candidate_id=candidate_id)

    async def branch(self, candidate_id: CandidateId) -> BranchView:
        """What hangs on a candidate, itself included; empty if it is unknown."""
        steps = await self.many("branch", BranchStep, candidate_id=candidate_id)
        return BranchView(
            live=sum(step.live for step in steps),
            dead=sum(step.dead for step in steps),
            open_jobs=sum(step.open_jobs for step in steps),
            steps=steps,
        )

    async def judged(self, candidate_id: CandidateId) -> JudgedCandidate | None:
        """A candidate with what hangs on it."""
        row = await self.view(candidate_id)
        if row is None:
            return None
        return JudgedCandidate.model_validate({**row.model_dump(), "branch": await self.branch(candidate_id)})

    async def walk_state(self, candidate: CandidateState, voter: str) -> WalkState:
        parent = await self.state(candidate.parent_id) if candidate.parent_id else None
        if parent is None:
            return WalkState(parent_id=None, parent_live=False, neighbours=())
        neighbours = await self.many(
            "walk_state", Neighbour, parent_id=parent.candidate_id, voter=voter, limit=NEIGHBOURS_MAX
        )
        return WalkState(parent_id=parent.candidate_id, parent_live=parent.live, neighbours=neighbours)

    async def discardable(self, run_id: RunId, limit: int) -> list[CandidateId]:
        rows = await self.rows("discardable", run_id=run_id, limit=limit)
        return [CandidateId(row["candidate_id"]) for row in rows]

    async def discarded(self, candidate_ids: Sequence[CandidateId]) -> list[Original]:
        return await self.many("discarded_originals", Original, candidate_ids=list(candidate_ids))

    async def down_before(self, moment: datetime, limit: int) -> list[Fallen]:
        return await self.many("down_before", Fallen, moment=moment, limit=limit)

    async def discards(self, run_id: RunId) -> DiscardsView | None:
        """How many originals of a run are gone, and how many could go."""
        return await self.one("run_discards", DiscardsView, run_id=run_id)

    async def view(self, candidate_id: CandidateId) -> CandidateView | None:
        return await self.one("candidate", CandidateView, candidate_id=candidate_id)

    async def stored(self, candidate_id: CandidateId) -> StoredFile | None:
        return await self.one("stored_image", StoredFile, candidate_id=candidate_id)

    async def sides(self, left_id: str, right_id: str) -> tuple[SideView, SideView] | None:
        """Both images of a pair, None if one is unknown."""
        rows = await self.rows("sides", candidate_ids=[left_id, right_id])
        found = {
            str(row["candidate_id"]): SideView.model_validate(
                {
                    **row,
                    "image": f"/api/candidates/{row['candidate_id']}/image",
                    "thumbnail": f"/api/candidates/{row['candidate_id']}/thumbnail",
                }
            )
            for row in rows
        }
        return (found[left_id], found[right_id]) if len(found) == 2 else None

    async def gallery(
        self, wanted: GalleryFilter, *, sort: GallerySort, after: Cursor | None, limit: int
    ) -> Page[CandidateView]:
        """Candidates best first, or newest first."""
        items = await self.many(
            "gallery_by_rating" if sort is GallerySort.RATING else "gallery_by_age",
            CandidateView,
            run_id=wanted.run_id,
            step=wanted.step,
            state=wanted.state,
            rating_min=wanted.rating_min,
            rating_max=wanted.rating_max,
            text=f"%{_literally(wanted.text)}%" if wanted.text else None,
            variables=wanted.variables,
            created_from=wanted.created_from,
            created_before=wanted.created_before,
            after_rating=after.rating if after else None,
            after_position=after.position if after else None,
            limit=limit,
        )
        last = items[-1] if len(items) == limit else None
        return Page(items=items, next=f"{last.rating}_{last.position}" if last else None)

    async def children(self, candidate_id: CandidateId, *, after: Position, limit: int) -> Page[CandidateView]:
        """What was made of a candidate, oldest first."""
        items = await self.many("children", CandidateView, candidate_id=candidate_id, after=after, limit=limit)
        return Page(items=items, next=str(items[-1].position) if len(items) == limit else None)

    async def origin_of(self, candidate_id: CandidateId) -> Origin | None:
        """The job that made a candidate, and where its story begins in the log."""
        return await self.one("origin_of_candidate", Origin, candidate_id=candidate_id)

    async def lineage(self, candidate_id: CandidateId) -> Lineage | None:
        path = await self.many("lineage", CandidateView, candidate_id=candidate_id)
        if not path:
            return None
        children = await self.many("children", CandidateView, candidate_id=candidate_id, after=0, limit=CHILDREN_MAX)
        below = await self.rows("descendants_live", candidate_id=candidate_id)
        return Lineage(path=path, children=children, descendants_live=below[0]["count"])


def _literally(text: str) -> str:
    """`text` without any meaning to LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
