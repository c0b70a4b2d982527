"""What a server can do, asked when it was connected to or started anew, and on a slow timer, and told to the others."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import structlog

from carnival.concurrency import is_set_within
from carnival.contracts.capabilities import capabilities_key
from comfy_gateway.application.ports import ComfyError, NoticeBoard
from comfy_gateway.application.track_node import Learned, Node
from comfy_gateway.domain.capability import capabilities_of

REPEAT_SECONDS: Final = 30.0
RELEARN_SECONDS: Final = 300.0
FAILED_PAUSE_SECONDS: Final = 5.0

_log = structlog.get_logger(__name__)


async def learn_capabilities(node: Node, board: NoticeBoard, pool: str) -> None:
    """For ever. A server that does not say what it can do gets any job, as its refusal says it too."""
    due, learned_at = True, time.monotonic()
    while True:
        if due and node.condition.ready:
            due, learned_at = not await _learned(node, board, pool), time.monotonic()
        elif node.learned is not None:
            await board.capabilities(capabilities_key(pool, node.learned.digest), node.learned.packed)
        doubted = await is_set_within(node.doubted, FAILED_PAUSE_SECONDS if due else REPEAT_SECONDS)
        node.doubted.clear()
        due = due or doubted or time.monotonic() - learned_at >= RELEARN_SECONDS


async def _learned(node: Node, board: NoticeBoard, pool: str) -> bool:
    try:
        answer = await node.server.object_info()
    except ComfyError as error:
        _log.warning("A node does not say what it can do", action="learn_failed", node=node.name, error=str(error))
        return False
    known = await asyncio.to_thread(_understood, answer, node.machine.version)
    await board.capabilities(capabilities_key(pool, known.digest), known.packed)
    before = node.learned
    node.learn(known)
    if before is not None and before.digest != known.digest:
        await board.forget_capabilities(capabilities_key(pool, before.digest))
    if before is None or before.digest != known.digest:
        classes = len(known.capabilities.classes)
        _log.info("A node said what it can do", action="node_learned", node=node.name, classes=classes)
    return True


def _understood(object_info: object, version: str) -> Learned:
    capabilities = capabilities_of(object_info, version)
    digest, packed = capabilities.packed()
    return Learned(capabilities, digest, packed)
