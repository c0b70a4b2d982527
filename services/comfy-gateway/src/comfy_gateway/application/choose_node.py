"""Which node a delivered job goes to, or whether another gateway of the pool should have it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from carnival.contracts.ids import JobId
from carnival.contracts.job import JobRequested
from carnival.log.errors import LogError
from carnival.log.port import EventLog
from comfy_gateway.application.look_around import LookAround
from comfy_gateway.application.look_up_prompt import find_at_nodes
from comfy_gateway.application.ports import Delivery
from comfy_gateway.application.read_recipe import ReadRecipe, RecipeMissing
from comfy_gateway.application.recall_job import failed_attempts
from comfy_gateway.application.remembering import Remembered
from comfy_gateway.application.track_node import Node
from comfy_gateway.domain.choice import Full, Option, Take, Unable, choose, last_resort
from comfy_gateway.domain.errors import BuildError
from comfy_gateway.domain.memory import is_worth_a_try
from comfy_gateway.domain.payload import workflow_of
from comfy_gateway.domain.prompt_id import prompt_id
from comfy_gateway.domain.variables import Recipe
from comfy_gateway.domain.workflow import Workflow

FULL_DELAY_SECONDS: Final = 0.5
ELSEWHERE_DELAY_SECONDS: Final = 1.0
WAITING_MAX: Final = 1000
STAND_IN_PARENT: Final = "parent.png"


@dataclass(frozen=True, slots=True)
class NotHere:
    """The job is given back, to come again after so long."""

    delay_seconds: float


class ChooseNode:
    """A job that no node here can do is left to others of the pool for `wait_seconds`, if one of them can.

    After that, or if nobody can, it goes to a server all the same: what that one refuses is named in the failure.
    """

    def __init__(
        self,
        log: EventLog,
        recipes: ReadRecipe,
        nodes: Sequence[Node],
        look_around: LookAround,
        *,
        wait_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._recipes = recipes
        self._nodes = nodes
        self._look_around = look_around
        self._wait_seconds = wait_seconds
        self._clock = clock
        self._waiting_since = Remembered[JobId, float](WAITING_MAX)

    async def __call__(self, delivery: Delivery) -> Node | NotHere:
        request = delivery.entry.event
        workflow = await self._workflow(request)
        tried = await self._tried(delivery)
        options = [_option(node, workflow, tried) for node in self._nodes]
        for node, option in zip(self._nodes, options, strict=True):
            if option.lacks:
                node.kept_from(option.lacks)
        choice = choose(options)
        if isinstance(choice, Unable):
            if await self._is_for_others(request.job_id, workflow, tried):
                return NotHere(ELSEWHERE_DELAY_SECONDS)
            choice = last_resort(options)
        match choice:
            case Take(name):
                self._waiting_since.forget(request.job_id)
                return next(node for node in self._nodes if node.name == name)
            case Full():
                return NotHere(FULL_DELAY_SECONDS)

    async def left_behind(self, delivery: Delivery) -> Node | NotHere:
        """The node that has the job already, for a gateway that takes no other ones."""
        if delivery.deliveries > 1:
            attempt = 1 + len(await self._tried(delivery))
            found = await find_at_nodes(self._nodes, prompt_id(delivery.entry.event.job_id, attempt))
            if found is not None:
                return found
        return NotHere(ELSEWHERE_DELAY_SECONDS)

    async def _workflow(self, request: JobRequested) -> Workflow:
        """The job's own but for its parent, as any value may choose a model file; empty when none can be built, which
        staging says in words."""
        parent = STAND_IN_PARENT if request.parent else None
        try:
            run, step = await self._recipes(request)
            return workflow_of(
                Recipe(run=run.started, run_name=run.name, step=step, request=request, parent_image=parent)
            )
        except (RecipeMissing, BuildError, LogError):
            return {}

    async def _tried(self, delivery: Delivery) -> Sequence[int]:
        """The memory of the servers where the job did not fit; a job delivered for the first time was tried nowhere."""
        if delivery.deliveries == 1:
            return []
        try:
            failed = await failed_attempts(self._log, delivery.entry.event, delivery.entry.position)
        except LogError:
            return []
        return [attempt.memory_total for attempt in failed]

    async def _is_for_others(self, job_id: JobId, workflow: Workflow, tried: Sequence[int]) -> bool:
        now = self._clock()
        since = self._waiting_since.since_first(job_id, now)
        return now - since < self._wait_seconds and await self._look_around.others_can(workflow, tried)


def _option(node: Node, workflow: Workflow, tried: Sequence[int]) -> Option:
    memory = node.machine.memory
    return Option(load=node.load, lacks=node.lacks(workflow), roomy=is_worth_a_try(memory, tried), memory=memory)
