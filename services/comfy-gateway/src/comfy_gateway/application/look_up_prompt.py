"""What a server knows of a prompt id: history is the truth, the queue comes second (CMF-2, CMF-3)."""

from __future__ import annotations

from collections.abc import Iterable

from carnival.contracts.ids import JobId
from comfy_gateway.application.ports import ComfyError, ComfyServer
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.prompt_id import prompt_id
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


async def find_at_nodes(nodes: Iterable[Node], job_id: JobId, attempts_max: int) -> tuple[Node, int] | None:
    """The node that knows the job, and the newest attempt it knows. Nodes that do not answer are left out."""
    found: list[tuple[int, Node]] = []
    for node in nodes:
        for attempt in range(attempts_max, 0, -1):
            try:
                verdict = await look_up(node.server, prompt_id(job_id, attempt))
            except ComfyError:
                break
            if not isinstance(verdict, Unknown):
                found.append((attempt, node))
                break
    if not found:
        return None
    attempt, node = max(found, key=lambda pair: pair[0])
    return node, attempt
