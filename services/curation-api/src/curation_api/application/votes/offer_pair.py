"""The pair a voter is shown next (PAIR)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from carnival.contracts.ids import RunId
from curation_api.application.known import known_run
from curation_api.application.ports import Runs, Skips, Votes
from curation_api.domain.pairing import Chance, Column, Offer, Pair, offer_pair, surely_open

LEAST_VOTED = 200
"""How many images of a column are read at first; nearly always one of their pairs is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An offer and how many pairs of its step are open for this voter, itself included."""

    offer: Offer
    step_name: str
    open_pairs: int


class OfferPairHandler:
    def __init__(self, runs: Runs, votes: Votes, skips: Skips, chance: Chance) -> None:
        self._runs = runs
        self._votes = votes
        self._skips = skips
        self._chance = chance

    async def __call__(self, run_id: RunId, voter: str, named: Sequence[Pair]) -> Offered | None:
        """The offer, None if every pair is voted on. `named` are skipped pairs that the client knows of, the newest
        last; those it has told before are remembered. Raises RunUnknown, LogUnavailable."""
        steps = await self._runs.columns([run_id])
        if not steps:
            await known_run(self._runs, run_id)
        remembered = [*await self._skips.of(run_id, voter), *named]
        skipped = frozenset(remembered)
        names = {step.step_order: step.name for step in steps}
        columns = await self._columns(run_id, names, voter, skipped)
        just_skipped = remembered[-1] if remembered else None
        offer = offer_pair(columns, skipped, self._chance, just_skipped=just_skipped)
        if offer is None:
            return None
        still_open = await self._votes.open_pairs(run_id, offer.step_order, voter)
        return Offered(offer=offer, step_name=names[offer.step_order], open_pairs=still_open)

    async def _columns(
        self, run_id: RunId, orders: Iterable[int], voter: str, skipped: frozenset[Pair]
    ) -> list[Column]:
        """From the right, up to the first column with an open pair that was not skipped; more is not needed. Those
        before it are whole, and of that one what holds the least voted pairs."""
        columns: list[Column] = []
        for order in sorted(orders, reverse=True):
            column = await self._votes.column(run_id, order, voter, least_voted=LEAST_VOTED)
            found = surely_open(column, skipped)
            if not found and column.reach is not None:
                column = await self._votes.column(run_id, order, voter)
                found = surely_open(column, skipped)
            columns.append(column)
            if found:
                break
        return columns
