"""How far the rendering jobs are, five times a second each, and what they look like so far, twice a second each."""

from __future__ import annotations

import asyncio
from typing import Final

from carnival.contracts.notices import JobProgress
from comfy_gateway.application.newest_of_jobs import NewestOfJobs
from comfy_gateway.application.ports import NoticeBoard
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.hint import Advanced, Began, Previewed, Running
from comfy_gateway.domain.workflow import label_of

PROGRESS_SECONDS: Final = 0.2
PREVIEW_SECONDS: Final = 0.5


class ReportProgress:
    def __init__(self, board: NoticeBoard) -> None:
        self._notices = NewestOfJobs[JobProgress](lambda _, notice: board.progress(notice), PROGRESS_SECONDS)
        self._previews = NewestOfJobs[bytes](board.preview, PREVIEW_SECONDS)

    def __call__(self, node: Node, job: JobInHand, news: Began | Advanced | Previewed) -> None:
        match news:
            case Previewed(_, image):
                self._previews.put(job.id, image)
            case Advanced(_, nodes_done, running):
                self._notices.put(job.id, _notice(node, job, nodes_done, running))
            case Began():
                self._notices.put(job.id, _notice(node, job, 0.0, None))

    async def run(self) -> None:
        """For ever."""
        await asyncio.gather(self._notices.run(), self._previews.run())


def _notice(node: Node, job: JobInHand, nodes_done: float, running: Running | None) -> JobProgress:
    """`nodes_done` of the workflow's nodes are through, cached ones not counted."""
    top = float(len(job.workflow))
    label = label_of(job.workflow, running.node_id) if running else None
    takes_steps = running is not None and running.maximum > 1
    return JobProgress(
        run_id=job.request.run_id,
        job_id=job.id,
        node=node.name,
        value=min(top, job.nodes_cached + nodes_done),
        maximum=top,
        step=int(running.value) if running and takes_steps else None,
        steps=int(running.maximum) if running and takes_steps else None,
        class_type=label.class_type if label else "",
        title=label.title if label else "",
    )
