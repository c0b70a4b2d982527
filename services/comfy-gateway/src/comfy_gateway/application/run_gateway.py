"""All loops of a gateway together, and their orderly end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass

import structlog

from carnival.concurrency import end_tasks
from carnival.images.port import ImageStore
from comfy_gateway.application.announce_presence import AnnouncePresence
from comfy_gateway.application.cancel_jobs import CancelJobs
from comfy_gateway.application.changes import Changes
from comfy_gateway.application.follow_drains import FollowDrains
from comfy_gateway.application.mind_store import MindStore
from comfy_gateway.application.pull_jobs import PullJobs
from comfy_gateway.application.report_progress import ReportProgress
from comfy_gateway.application.sweep_images import sweep_images
from comfy_gateway.application.tend_health import TendHealth
from comfy_gateway.application.track_node import Node
from comfy_gateway.application.watch_node import watch_node

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gateway:
    """The parts of one process. `stop_seconds` is how long rendering jobs may go on after the stop."""

    nodes: Sequence[Node]
    pull: PullJobs
    cancels: CancelJobs
    presence: AnnouncePresence
    progress: ReportProgress
    tend: TendHealth
    drains: FollowDrains
    learn: Callable[[Node], Coroutine[None, None, None]]
    images: ImageStore
    store: MindStore
    changes: Changes
    stop_seconds: float

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set: what is staged is given back, what renders may finish. Raises LogUnavailable."""
        await self.drains.catch_up()
        await self.tend.recall(self.nodes)
        async with asyncio.TaskGroup() as group:
            pulling = group.create_task(self.pull.run(), name="pull")
            loops = [group.create_task(loop, name=name) for name, loop in self._loops()]
            try:
                await stop.wait()
                await self._wind_down(pulling)
            finally:
                # A group asks its tasks to end once only, and one that overhears it would hold up the end for ever.
                await end_tasks([pulling, *loops])
        await self.presence.leave()

    def _loops(self) -> Sequence[tuple[str, Coroutine[None, None, None]]]:
        loops: list[tuple[str, Coroutine[None, None, None]]] = [
            ("keep", self.pull.keep_all()),
            ("cancel", self.cancels.run()),
            ("drains", self.drains.run()),
            ("presence", self.presence.run()),
            ("progress", self.progress.run()),
            ("sweep", sweep_images(self.images)),
            ("store", self.store.run()),
        ]
        for node in self.nodes:
            loops.append((f"watch {node.name}", watch_node(node)))
            loops.append((f"learn {node.name}", self.learn(node)))
            loops.append((f"tend {node.name}", self.tend(node)))
            loops.append((f"listen {node.name}", node.hints.listen(node.on_hint)))
        return loops

    async def _wind_down(self, pulling: asyncio.Task[None]) -> None:
        self.pull.stop()
        for node in self.nodes:
            node.end()
        await end_tasks([pulling])
        self.presence.changed()
        _log.info("The gateway stops", action="draining", posted=self.pull.posted)
        await self.pull.finish(self.stop_seconds)
