"""Rejections and what follows from them. Written by curation-api; rejections for failures by the selector."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, EventId, RunId


class RejectionReason(StrEnum):
    KILLED = "killed"
    """A person's choice (KILL-1)."""
    FAILURES = "failures"
    """As a parent it failed too often (FAIL-2)."""


class CandidateRejected(Event):
    """`walk_id` is the event id of the first kill of the kill-left walk this one belongs to (KILL-2), so that one undo
    finds them all; None outside of a walk."""

    wire_name: ClassVar[str] = "CandidateRejected"

    run_id: RunId
    candidate_id: CandidateId
    reason: RejectionReason = RejectionReason.KILLED
    note: str = ""
    walk_id: EventId | None = None


class CandidateRestored(Event):
    """A rejection is taken back (KILL-7)."""

    wire_name: ClassVar[str] = "CandidateRestored"

    run_id: RunId
    candidate_id: CandidateId


class ImagesDiscarded(Event):
    """Original files of rejected or dead candidates left the store; thumbnails and facts stay."""

    wire_name: ClassVar[str] = "ImagesDiscarded"

    run_id: RunId
    candidate_ids: tuple[CandidateId, ...]
