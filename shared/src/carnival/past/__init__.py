"""Asking a projector what a run was like."""

from __future__ import annotations

from carnival.past.asking import PastQuestions, PastSilent

__all__ = ["PastQuestions", "PastSilent"]
