"""Rejections and what follows from them. Written by curation-api; rejections for failures by the selector."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, RunId


class RejectionReason(StrEnum):
    KILLED = "killed"
    """A person's choice (KILL-1)."""
    FAILURES = "failures"
    """As a parent it failed too often (FAIL-2)."""


class CandidateRejected(Event):
    wire_name: ClassVar[str] = "CandidateRejected"

    run_id: RunId
    candidate_id: CandidateId
    reason: RejectionReason = RejectionReason.KILLED
    note: str = ""


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
