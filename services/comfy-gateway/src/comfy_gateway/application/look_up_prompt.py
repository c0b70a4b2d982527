"""What a server knows of a prompt id: history is the truth, the queue comes second (CMF-2, CMF-3)."""

from __future__ import annotations

from collections.abc import Iterable

from comfy_gateway.application.ports import ComfyError, ComfyServer
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.verdict import Unknown, Verdict, verdict_of


async def look_up(server: ComfyServer, known_id: str) -> Verdict:
    """The verdict on one id. History is asked once more after the queue, as a job may end between the two looks."""
    entry = await server.history(known_id)
    if entry is not None:
        return verdict_of(entry)
    queued = (await server.queue()).verdict(known_id)
    if not isinstance(queued, Unknown):
        return queued
    entry = await server.history(known_id)
    return Unknown() if entry is None else verdict_of(entry)


async def find_at_nodes(nodes: Iterable[Node], known_id: str) -> Node | None:
    """The node that knows the prompt id. Nodes that do not answer are left out."""
    for node in nodes:
        try:
            verdict = await look_up(node.server, known_id)
        except ComfyError:
            continue
        if not isinstance(verdict, Unknown):
            return node
    return None
