"""One log entry into the read model in memory: applied, void, or parked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from carnival.contracts.catalogue import API
from carnival.contracts.envelope import LogEntry, Undecodable
from carnival.contracts.subjects import run_of
from carnival.contracts.verdict import VoidReason
from carnival.log.wire import encode
from projector.application.ports import Command, Outcome, Parked
from projector.domain.fold import pass_over
from projector.domain.read_model import Fact, ReadModel, UnusableEvent

REASON_LENGTH_MAX: Final = 500

Fold = Callable[[ReadModel, Fact], VoidReason | None]


def take(model: ReadModel, entry: LogEntry, outcome: Outcome, fold: Fold, reason: str | None = None) -> bool:
    """Apply `entry`, or park it because nobody can read it, it is unusable, or `reason` says so. True if parked.

    Lets other errors of the fold through; `model` may then be half changed.
    """
    if isinstance(entry, Undecodable):
        outcome.parked.append(
            Parked(entry.position, entry.subject, entry.reason[:REASON_LENGTH_MAX], entry.headers, entry.body)
        )
        pass_over(model, run_of(entry.subject), entry.position)
        return True
    if entry.meta.source == API:
        outcome.commands.append(Command(entry.meta.event_id, entry.position, entry.subject))
    if reason is None:
        try:
            fold(model, entry)
        except UnusableEvent as error:
            reason = words(error)
    if reason is not None:
        headers, body = encode(entry.event, entry.meta)
        outcome.parked.append(Parked(entry.position, entry.subject, reason, headers, body))
        pass_over(model, run_of(entry.subject), entry.position)
    return reason is not None


def words(error: Exception) -> str:
    """Why, in one line."""
    return f"{type(error).__name__}: {error}"[:REASON_LENGTH_MAX]
