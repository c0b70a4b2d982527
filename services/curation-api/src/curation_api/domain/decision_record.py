"""Why this job: what a recorded decision says, competitor by competitor, and what would have changed it (RAF, SEL)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from carnival.contracts.ids import CandidateId
from carnival.contracts.job import Decision, SelectionMode
from carnival.contracts.run import Profile, RaffleWeights

GLOBAL = "global"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A job and the decision that asked for it."""

    decision: Decision
    profile: str
    step_name: str
    parent_id: CandidateId | None
    parent_step_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One competitor. The drawn numbers `first` to `last` are its own, none if `last` < `first`.

    `share` is its chance, 0 to 1. `missed_by` says how far the draw was from its numbers: negative, the draw was too
    low; 0, it won.
    """

    candidate_id: CandidateId
    tickets: int
    first: int
    last: int
    share: float
    won: bool
    missed_by: int


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule of docs/rules.md, and what it did here."""

    rule: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`unrecorded` counts competitors behind the first 200, which the record leaves out."""

    entries: tuple[Entry, ...]
    unrecorded: int
    reasons: tuple[Reason, ...]
    would_change: tuple[str, ...]

    @property
    def winner(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.won), None)


def explain(asked: Asked) -> Explanation:
    """The decision in full. Nothing is drawn again: the numbers are those of the record (EVT-3)."""
    entries = tuple(_entries(asked.decision, asked.parent_id))
    unrecorded = max(0, asked.decision.competitors_total - len(entries))
    return Explanation(
        entries=entries,
        unrecorded=unrecorded,
        reasons=tuple(_reasons(asked)),
        would_change=tuple(_changes(asked, entries)),
    )


def _entries(decision: Decision, winner: CandidateId | None) -> Iterator[Entry]:
    """In creation order, as the raffle goes through them (RAF-5). Without any ticket each has one number (RAF-3)."""
    equal = decision.tickets_total == 0
    total = decision.competitors_total if equal else decision.tickets_total
    first = 0
    for competitor in decision.competitors:
        numbers = 1 if equal else competitor.tickets
        last = first + numbers - 1
        yield Entry(
            candidate_id=competitor.candidate_id,
            tickets=competitor.tickets,
            first=first,
            last=last,
            share=numbers / total if total else 0.0,
            won=competitor.candidate_id == winner,
            missed_by=0 if competitor.candidate_id == winner else _missed_by(decision.draw, first, last),
        )
        first += numbers


def _missed_by(draw: int | None, first: int, last: int) -> int:
    if draw is None:
        return 0
    return draw - first if draw < first else draw - last


def _reasons(asked: Asked) -> Iterator[Reason]:
    decision = asked.decision
    if decision.policy == GLOBAL:
        yield Reason("RUN-3", "The active runs of this policy formed one pool.")
    else:
        yield Reason("RUN-2", "The runs take turns; it was the first in turn that had work.")
    gated = asked.profile == Profile.GATED
    if decision.mode is SelectionMode.BASE_GENERATION:
        yield _base_reason(gated)
        return
    if gated:
        yield Reason("GATE-5", f"{asked.step_name} was the lowest step with an approved parent that was not full.")
        yield Reason("GATE-3", f"The best of {asked.parent_step_name}, as approved, competed.")
    else:
        yield Reason("SEL-12", "A possible parent is served before any base image.")
        yield Reason("SEL-8", f"Possible parents stood no further right than {asked.parent_step_name}; those competed.")
    yield Reason("SEL-9", f"The step behind the parent's is {asked.step_name}.")
    yield _raffle_reason(decision)


def _base_reason(gated: bool) -> Reason:
    if gated:
        return Reason("GATE-1", "The first step had fewer than N images, live and open ones together.")
    return Reason("DEF-3", "Nobody could be a parent, and live finals and open jobs together were fewer than T.")


def _raffle_reason(decision: Decision) -> Reason:
    if decision.competitors_total == 1:
        return Reason("RAF-2", "There was one competitor only.")
    if decision.tickets_total == 0:
        return Reason("RAF-3", f"Nobody had a ticket, so each of {decision.competitors_total} was equally likely.")
    if decision.raffle.weights is RaffleWeights.BOLTZMANN:
        temperature = f"{decision.raffle.temperature:g}"
        return Reason("RAF-1", f"Tickets grew e-fold with each {temperature} rating points, as the run's raffle says.")
    return Reason("RAF-1", f"Each had as many of the {decision.tickets_total} tickets as its rating said.")


def _changes(asked: Asked, entries: tuple[Entry, ...]) -> Iterator[str]:
    decision = asked.decision
    if decision.mode is SelectionMode.BASE_GENERATION:
        yield "A possible parent anywhere in the run, or one more live final or open job where just one was missing."
        return
    yield f"A possible parent further right than {asked.parent_step_name}, if its children's pool had room."
    winner = next((place for place, entry in enumerate(entries) if entry.won), None)
    if winner is None or decision.competitors_total == 1 or decision.draw is None:
        return
    entry = entries[winner]
    yield f"A draw outside of {entry.first} to {entry.last}; it was {decision.draw}."
    if decision.tickets_total:
        yield f"{decision.draw - entry.first} tickets or fewer for the winner, where it had {entry.tickets}."
    if before := next((one for one in reversed(entries[:winner]) if one.last >= one.first), None):
        yield f"A draw lower by {decision.draw - before.last}: then {before.candidate_id} had won."
    if after := next((one for one in entries[winner + 1 :] if one.last >= one.first), None):
        yield f"A draw higher by {after.first - decision.draw}: then {after.candidate_id} had won."
