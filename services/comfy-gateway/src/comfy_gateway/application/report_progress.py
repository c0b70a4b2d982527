"""How far the rendering jobs are, at most five times a second each."""

from __future__ import annotations

import asyncio
from typing import Final

from carnival.contracts.ids import JobId
from carnival.contracts.notices import JobProgress
from comfy_gateway.application.ports import NoticeBoard
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.application.track_node import Node

INTERVAL_SECONDS: Final = 0.2


class ReportProgress:
    """Keeps the newest progress of each job and publishes it on a beat; what came between is dropped."""

    def __init__(self, board: NoticeBoard) -> None:
        self._board = board
        self._newest: dict[JobId, JobProgress] = {}
        self._fresh = asyncio.Event()

    def __call__(self, node: Node, job: JobInHand, nodes_done: float) -> None:
        """`nodes_done` of the workflow's nodes are through, cached ones not counted."""
        top = float(job.node_count)
        done = min(top, job.nodes_cached + nodes_done)
        self._newest[job.id] = JobProgress(
            run_id=job.request.run_id, job_id=job.id, node=node.name, value=done, maximum=top
        )
        self._fresh.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._fresh.wait()
            self._fresh.clear()
            newest, self._newest = self._newest, {}
            for notice in newest.values():
                await self._board.progress(notice)
            await asyncio.sleep(INTERVAL_SECONDS)
