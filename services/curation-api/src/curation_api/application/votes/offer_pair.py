"""The pair a voter is shown next (PAIR)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carnival.contracts.ids import RunId
from curation_api.application.known import known_run
from curation_api.application.ports import Runs, Skips, Votes
from curation_api.domain.pairing import Chance, Column, Offer, Pair, offer_pair, open_pairs, pairs_formed


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
        columns = await self._columns(run_id, [step.step_order for step in steps], voter, skipped)
        just_skipped = remembered[-1] if remembered else None
        offer = offer_pair([column for column, _ in columns], skipped, self._chance, just_skipped=just_skipped)
        if offer is None:
            return None
        still_open = next(count for column, count in columns if column.step_order == offer.step_order)
        name = next(step.name for step in steps if step.step_order == offer.step_order)
        return Offered(offer=offer, step_name=name, open_pairs=still_open)

    async def _columns(
        self, run_id: RunId, orders: Sequence[int], voter: str, skipped: frozenset[Pair]
    ) -> list[tuple[Column, int]]:
        """From the right, up to the first column with an open pair that was not skipped; more is not needed. With how
        many pairs of each are open, skipped ones included."""
        columns: list[tuple[Column, int]] = []
        for order in sorted(orders, reverse=True):
            column = await self._votes.column(run_id, order, voter)
            still_open = open_pairs(column)
            columns.append((column, still_open))
            if still_open > pairs_formed(column, skipped - column.voted):
                break
        return columns
