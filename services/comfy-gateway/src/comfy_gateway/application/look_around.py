"""Which servers of the pool could do a job, in this process and beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from carnival.contracts.fleet import PresentNode
from carnival.log.errors import LogError
from comfy_gateway.application.ports import Fleet
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.capability import lacks_of
from comfy_gateway.domain.machine import memory_of
from comfy_gateway.domain.memory import is_worth_a_try
from comfy_gateway.domain.workflow import Workflow

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LookAround:
    """While the bus does not answer, there are only our own nodes."""

    nodes: Sequence[Node]
    fleet: Fleet
    pool: str

    async def others_can(self, workflow: Workflow, tried: Sequence[int]) -> bool:
        """Whether the job should be left to somebody else. `tried`: the memory of servers where it did not fit."""
        if len(tried) > 1:
            return any(is_worth_a_try(memory, tried) for memory in await self.memories(workflow))
        try:
            abilities = await self.fleet.abilities(self.pool)
        except LogError as error:
            _log.warning("The fleet cannot be asked", action="fleet_unknown", error=str(error))
            return False
        return any(not lacks_of(workflow, capabilities) for capabilities in abilities)

    async def memories(self, workflow: Workflow) -> list[int]:
        """The memory of every server that takes work of the pool now and is not known to lack anything, in bytes."""
        own = [node.machine.memory for node in self.nodes if node.load.ready and not node.lacks(workflow)]
        try:
            present = await self.fleet.present()
        except LogError as error:
            _log.warning("The fleet cannot be asked", action="fleet_unknown", error=str(error))
            return own
        return own + [memory_of(one.presence.devices) for one in present if self._is_able(one, workflow)]

    def _is_able(self, one: PresentNode, workflow: Workflow) -> bool:
        takes_work = one.presence.pool == self.pool and one.presence.slots > 0
        return takes_work and not (one.capabilities and lacks_of(workflow, one.capabilities))
