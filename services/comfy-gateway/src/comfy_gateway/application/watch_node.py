"""Whether a server can take work, asked every second, and whenever its socket breaks off (WRK-2)."""

from __future__ import annotations

import time
from typing import Final

import structlog

from carnival.concurrency import is_set_within
from comfy_gateway.application.ports import ComfyError, ComfyServer
from comfy_gateway.application.track_node import Condition, Node
from comfy_gateway.domain.node import WorkerWatch
from comfy_gateway.domain.verdict import Queue

PROBE_SECONDS: Final = 1.0
MACHINE_SECONDS: Final = 5.0
"""How old the figures of a server's memory may be."""
DEAD_WORKER: Final = "jobs wait in the server's queue and none is executed: restart it"

_log = structlog.get_logger(__name__)


async def watch_node(node: Node, probe_seconds: float = PROBE_SECONDS) -> None:
    """For ever."""
    worker, asked_at = WorkerWatch(), 0.0
    while True:
        now = time.monotonic()
        try:
            worker = worker.after(await _queue(node.server), now)
            if not node.condition.ready or now - asked_at >= MACHINE_SECONDS:
                node.machine, asked_at = await node.server.machine(), now
            dead = worker.is_dead(now)
            _turn(node, not dead, DEAD_WORKER if dead else "")
        except ComfyError as error:
            _turn(node, False, str(error))
        # A socket that broke off is worth a look at once.
        await is_set_within(node.suspected, probe_seconds)
        node.suspected.clear()


async def _queue(server: ComfyServer) -> Queue:
    """The queue, asked for only if something is in it: it repeats whole workflows."""
    return await server.queue() if await server.pulse() else Queue()


def _turn(node: Node, ready: bool, reason: str) -> None:
    """A server that worked and does so no more has failed by itself; one that was never there has not."""
    known = node.condition
    if known.ready is not ready:
        words = "A node is ready" if ready else "A node cannot take work"
        action = "node_ready" if ready else "node_unreachable"
        _log.warning(words, action=action, node=node.name, reason=reason, version=node.version)
    node.turn_to(Condition(ready, reason))
    if known.ready and not ready:
        node.record.struck(reason)
