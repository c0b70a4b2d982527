"""Votes from the read model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from psycopg.rows import DictRow

from carnival.contracts.ids import CandidateId, Position, RunId, VoteId
from carnival.contracts.vote import Outcome
from curation_api.adapters.read_model.gathering import Gathered
from curation_api.adapters.read_model.reading import Pool, Reading, Value
from curation_api.application.views.guests import BlindVote, GuestFigures, RunGuests
from curation_api.application.views.page import Page
from curation_api.application.views.vote import CastVoteView, VoteView
from curation_api.domain.candidate import CandidateState
from curation_api.domain.pairing import Column, Entrant
from curation_api.domain.voting import Ballot, VoteState

ENTRANTS_MAX = 5000
VOTED_MAX = 200_000
GUESTS_MAX = 1000


class PostgresVotes(Reading):
    """Implements `ports.Votes`, and the queries about votes."""

    def __init__(self, pool: Pool, keyed: Pool) -> None:
        super().__init__(pool)
        self._keyed = Reading(keyed)
        self._ballots = Gathered(self._ballots_in_order)
        self._cast = Gathered(self._cast_in_order)

    async def ballot(self, left_id: CandidateId, right_id: CandidateId, voter: str) -> Ballot:
        return await self._ballots.answer((left_id, right_id, voter))

    async def state(self, vote_id: VoteId) -> VoteState | None:
        return await self.one("vote_state", VoteState, vote_id=vote_id)

    async def states(self, vote_ids: Sequence[VoteId]) -> dict[VoteId, VoteState]:
        found = await self.many("vote_states", VoteState, vote_ids=list(vote_ids))
        return {vote.vote_id: vote for vote in found}

    async def column(self, run_id: RunId, step_order: int, voter: str, *, least_voted: int | None = None) -> Column:
        place: dict[str, Value] = {"run_id": run_id, "step_order": step_order}
        least = min(least_voted or ENTRANTS_MAX, ENTRANTS_MAX)
        rows = await self.tuples("column_entrants", **place, least=least, limit=ENTRANTS_MAX)
        entrants = [Entrant(*row) for row in rows]
        reach = entrants[-1].votes if least <= len(entrants) < ENTRANTS_MAX else None
        among: list[str] | None = None if reach is None else [entrant.candidate_id for entrant in entrants]
        voted = await self.tuples("column_voted", **place, voter=voter, among=among, limit=VOTED_MAX)
        return Column(step_order=step_order, entrants=entrants, voted=frozenset(map(frozenset, voted)), reach=reach)

    async def open_pairs(self, run_id: RunId, step_order: int, voter: str) -> int:
        counted = await self.tuples("column_open_pairs", run_id=run_id, step_order=step_order, voter=voter)
        return counted[0][0]

    async def view(self, vote_id: VoteId) -> VoteView | None:
        return await self.one("vote", VoteView, vote_id=vote_id)

    async def blind(self, vote_id: VoteId) -> BlindVote | None:
        """A vote without what a guest must not see."""
        vote = await self.view(vote_id)
        return vote and BlindVote(**vote.model_dump(include=set(BlindVote.model_fields)))

    async def guests(self, run_id: RunId) -> RunGuests:
        figures = await self.many("run_guests", GuestFigures, run_id=run_id, limit=GUESTS_MAX)
        return RunGuests(run_id=run_id, guests=figures)

    async def cast(self, vote_id: VoteId, *, ranks: bool) -> CastVoteView | None:
        """A vote with its consequences; `ranks` counts the better ones of the column as well."""
        row = await self._cast.answer(vote_id)
        if row is None:
            return None
        ids = [str(row["left_id"]), str(row["right_id"])]
        places = (
            {one["candidate_id"]: one["rank"] for one in await self.rows("ranks", candidate_ids=ids)} if ranks else {}
        )
        return CastVoteView.model_validate(
            {
                **row,
                "left": _standing(row, "left", places),
                "right": _standing(row, "right", places),
                "kill_offered": ids if row["outcome"] == Outcome.BOTH_BAD else [],
            }
        )

    async def page(
        self,
        *,
        run_id: RunId | None,
        voter: str | None,
        candidate_id: CandidateId | None,
        before: Position | None,
        limit: int,
    ) -> Page[VoteView]:
        """Votes, newest first; `candidate_id`: those that it took part in."""
        votes = await self.many(
            "vote_page",
            VoteView,
            run_id=run_id,
            voter=voter,
            candidate_id=candidate_id,
            before=before,
            limit=limit,
        )
        return Page(items=votes, next=str(votes[-1].position) if len(votes) == limit else None)

    async def _ballots_in_order(self, pairs: Sequence[tuple[CandidateId, CandidateId, str]]) -> list[Ballot]:
        lefts, rights, voters = ([*column] for column in zip(*pairs, strict=True))
        ballots = [Ballot(left=None, right=None, pair_voted=False) for _ in pairs]
        for row in await self._keyed.rows("ballots", left_ids=lefts, right_ids=rights, voters=voters):
            place, voted = row.pop("place") - 1, row.pop("pair_voted")
            image = CandidateState(**row)
            side = "left" if image.candidate_id == lefts[place] else "right"
            ballots[place] = replace(ballots[place], **{side: image}, pair_voted=voted)
        return ballots

    async def _cast_in_order(self, vote_ids: Sequence[VoteId]) -> list[DictRow | None]:
        rows = {row["vote_id"]: row for row in await self._keyed.rows("cast_votes", vote_ids=list(vote_ids))}
        return [rows.get(vote_id) for vote_id in vote_ids]


def _standing(row: DictRow, side: str, places: Mapping[str, int]) -> dict[str, object]:
    candidate_id = str(row[f"{side}_id"])
    figures = {name: row[f"{side}_{name}"] for name in ("rating", "votes", "both_bad", "live")}
    return {"candidate_id": candidate_id, **figures, "rank": places.get(candidate_id)}
