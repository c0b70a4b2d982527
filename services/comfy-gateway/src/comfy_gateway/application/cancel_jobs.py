"""Cancellations reach the jobs in hand (KILL-6). The log is the truth; a message on the bus only says when to look."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from carnival.concurrency import is_set_within
from carnival.contracts.ids import JobId, Position
from carnival.contracts.job import JobCancelled
from carnival.log.errors import LogUnavailable
from carnival.log.port import EventLog
from comfy_gateway.application.recall_job import events_of
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.application.track_node import Node

LOOKS_AFTER_HINT_SECONDS: Final = (0.0, 0.02, 0.1, 0.5)
"""The hint is the event on its way into the log, so it may come before the log can show it."""

_log = structlog.get_logger(__name__)


class CancelJobs:
    """Looks after each hint and every `interval_seconds`."""

    def __init__(self, log: EventLog, nodes: Sequence[Node], interval_seconds: float) -> None:
        self._log = log
        self._nodes = nodes
        self._interval_seconds = interval_seconds
        self._hinted = asyncio.Event()
        self._read_up_to: dict[JobId, Position] = {}

    def hint(self) -> None:
        self._hinted.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            hinted = await is_set_within(self._hinted, self._interval_seconds)
            self._hinted.clear()
            for pause in LOOKS_AFTER_HINT_SECONDS if hinted else (0.0,):
                await asyncio.sleep(pause)
                await self._look()

    async def _look(self) -> None:
        jobs = [(node, job) for node in self._nodes for job in list(node.jobs.values())]
        here = {job.id for _, job in jobs}
        self._read_up_to = {job_id: position for job_id, position in self._read_up_to.items() if job_id in here}
        try:
            for node, job in jobs:
                if not job.is_cancelled:
                    await self._look_for(job, node)
        except LogUnavailable as error:
            _log.warning("Cancellations cannot be read", action="cancel_look_failed", error=str(error))

    async def _look_for(self, job: JobInHand, node: Node) -> None:
        after = self._read_up_to.get(job.id, job.position)
        async for entry in events_of(self._log, job.request, JobCancelled, after):
            self._read_up_to[job.id] = entry.position
            if entry.event.job_id == job.id:
                job.cancellations.append(entry)
        if job.is_cancelled:
            node.turns.withdraw(job.id)
            job.wake()
