"""Reject parents and pause steps that fail too often."""

from __future__ import annotations

import structlog

from carnival.contracts.candidate import CandidateRejected
from carnival.contracts.ids import Position
from carnival.contracts.run import StepPaused
from selector.application.own_events import Overtaken, OwnEvents
from selector.application.ports import Reading
from selector.domain.failing import rejection, rejection_id, step_pause, step_pause_id
from selector.domain.rules import Limits

_log = structlog.get_logger(__name__)


class JudgeFailures:
    """FAIL-2, FAIL-5, PAY-8. One verdict per run and pass: the next one is decided on what came of the first."""

    def __init__(self, own: OwnEvents, limits: Limits, step_failures_max: int) -> None:
        self._own = own
        self._limits = limits
        self._step_failures_max = step_failures_max

    async def __call__(self, reading: Reading) -> None:
        """Raises LeaseLost and log errors. A run that moved meanwhile is judged by the next pass."""
        judged = {entry.run_id for entry in self._own.entries}
        for parent in reading.survey.failing_parents:
            event = rejection(parent, self._limits)
            if event is not None and parent.run_id not in judged:
                judged.add(parent.run_id)
                await self._append(event, rejection_id(event, parent.run_position), parent.run_position)
        for step in reading.survey.failing_steps:
            event = step_pause(step, self._step_failures_max)
            if event is not None and step.run_id not in judged:
                judged.add(step.run_id)
                await self._append(event, step_pause_id(event, step.run_position), step.run_position)

    async def _append(self, event: CandidateRejected | StepPaused, event_id: str, run_position: Position) -> None:
        try:
            entry = await self._own.append_decided(event, event_id, run_position)
        except Overtaken as overtaken:
            _log.debug(
                "Verdict overtaken", action="verdict_overtaken", run_id=event.run_id, position=overtaken.position
            )
            return
        _log.warning(
            "Failures piled up", action=event.wire_name, position=entry.position, **event.model_dump(mode="json")
        )
