"""One canary: a tiny picture that the server really renders or, if it lacks the nodes for one, a look at it."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from typing import Final

import structlog

from comfy_gateway.application.look_up_prompt import look_up
from comfy_gateway.application.ports import ComfyError
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.canary import COLOURS, canary_body, canary_workflow
from comfy_gateway.domain.prompt_id import client_id
from comfy_gateway.domain.verdict import Broken, Finished, Interrupted, Rendering, Unknown, Waiting
from comfy_gateway.domain.workflow import Workflow

POLL_SECONDS: Final = 0.2
TAKE_BACK_SECONDS: Final = 5.0

_log = structlog.get_logger(__name__)


class SendCanary:
    def __init__(self, gateway: str, timeout_seconds: float) -> None:
        self._gateway = gateway
        self._timeout_seconds = timeout_seconds

    async def __call__(self, node: Node) -> str | None:
        """None if all went well, else what went wrong, in words."""
        classes = node.learned.capabilities.classes if node.learned else {}
        workflow, prompt_id = canary_workflow(classes, secrets.randbelow(COLOURS)), str(uuid.uuid4())
        _log.info("A canary is sent", action="canary_sent", node=node.name, renders=workflow is not None)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await (self._rendered(node, workflow, prompt_id) if workflow else self._answered(node))
        except ComfyError as error:
            return str(error)
        except TimeoutError:
            await _take_back(node, prompt_id)
            return f"it was not through within {self._timeout_seconds:.0f} s"

    async def _answered(self, node: Node) -> str | None:
        """Its queue was looked at a moment ago, or it would count as unreachable."""
        await node.server.machine()
        return None

    async def _rendered(self, node: Node, workflow: Workflow, prompt_id: str) -> str | None:
        body = canary_body(workflow, prompt_id=prompt_id, client_id=client_id(self._gateway, node.name))
        if await node.server.post(body):
            return "it found the canary invalid"
        return await self._end_of(node, prompt_id)

    async def _end_of(self, node: Node, prompt_id: str) -> str | None:
        while True:
            match await look_up(node.server, prompt_id):
                case Finished():
                    return None
                case Broken(message=message):
                    return message
                case Interrupted():
                    return "it was interrupted"
                case Unknown():
                    return "it was forgotten"
                case Waiting() | Rendering():
                    await asyncio.sleep(POLL_SECONDS)


async def _take_back(node: Node, prompt_id: str) -> None:
    """So that canaries do not pile up at a server that executes nothing."""
    try:
        async with asyncio.timeout(TAKE_BACK_SECONDS):
            await node.server.stop(prompt_id)
    except (ComfyError, TimeoutError) as error:
        _log.debug("A canary stays behind", action="canary_left", node=node.name, error=str(error))
