"""One ComfyUI server as the gateway sees it: its state, its jobs, its turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from carnival.contracts.capabilities import Capabilities, Lack
from carnival.contracts.ids import JobId
from carnival.contracts.notices import NodeState
from comfy_gateway.application.ports import ComfyServer, Hints
from comfy_gateway.application.take_turns import Turns
from comfy_gateway.application.track_job import JobInHand, Phase
from comfy_gateway.domain.capability import lacks_of
from comfy_gateway.domain.hint import Advanced, Began, Cached, Connected, Disconnected, Ended, Hint, Previewed
from comfy_gateway.domain.machine import Machine
from comfy_gateway.domain.node import NodeLoad
from comfy_gateway.domain.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether the server can take work, and if not, why. `since` is a monotonic time."""

    ready: bool
    reason: str = ""
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Learned:
    """What the server said it can do, and how that travels on the bus."""

    capabilities: Capabilities
    digest: str
    packed: bytes


class Node:
    """`on_change` is called whenever places, state or jobs changed, `on_progress` with what is heard of one job."""

    def __init__(
        self,
        server: ComfyServer,
        hints: Hints,
        *,
        slots: int,
        jobs_ahead: int,
        on_change: Callable[[], None],
        on_progress: Callable[[Node, JobInHand, Began | Advanced | Previewed], None],
    ) -> None:
        self.server = server
        self.hints = hints
        self.slots = slots
        self.turns = Turns(slots)
        self.machine = Machine()
        self.learned: Learned | None = None
        self.doubted = asyncio.Event()
        self.draining = False
        self.suspected = asyncio.Event()
        self.condition = Condition(ready=False, reason="not reached yet")
        self.jobs: dict[JobId, JobInHand] = {}
        self._posted: dict[str, JobInHand] = {}
        self._jobs_ahead = jobs_ahead
        self._on_change = on_change
        self._on_progress = on_progress

    @property
    def name(self) -> str:
        return self.server.name

    @property
    def version(self) -> str:
        return self.machine.version

    @property
    def load(self) -> NodeLoad:
        registering = sum(job.phase is Phase.REGISTERING for job in self.jobs.values())
        return NodeLoad(
            name=self.name,
            ready=self.condition.ready and not self.draining,
            slots=self.slots,
            jobs_ahead=self._jobs_ahead,
            open=len(self.jobs) - registering,
            registering=registering,
        )

    @property
    def state(self) -> NodeState:
        if self.draining:
            return NodeState.DRAINING
        if not self.condition.ready:
            return NodeState.UNREACHABLE
        return NodeState.BUSY if self._posted else NodeState.READY

    @property
    def current_job(self) -> JobId | None:
        return next((job.id for job in self._posted.values()), None)

    def take_in(self, job: JobInHand) -> None:
        self.jobs[job.id] = job
        self._on_change()

    def let_go(self, job: JobInHand) -> None:
        self.jobs.pop(job.id, None)
        self.ended(job)

    def posted(self, job: JobInHand) -> None:
        """From now on frames about the job's prompt id concern it."""
        job.end_hinted = False
        self._posted[job.prompt_id] = job
        self._on_change()

    def ended(self, job: JobInHand) -> None:
        """The server is through with the job: the next one may go."""
        self._posted.pop(job.prompt_id, None)
        self.turns.give(job.id)
        self._on_change()

    def learn(self, learned: Learned) -> None:
        self.learned = learned
        self._on_change()

    def lacks(self, workflow: Workflow) -> tuple[Lack, ...]:
        """What the server is known to lack for a workflow; nothing while it has not said what it can do."""
        return lacks_of(workflow, self.learned.capabilities) if self.learned else ()

    def turn_to(self, condition: Condition) -> None:
        """A new condition. What is only staged leaves an unready node, so that another one may take it."""
        changed = condition.ready != self.condition.ready
        self.condition = condition
        if not changed:
            return
        if not condition.ready:
            self.turns.withdraw_all()
        else:
            self.doubted.set()
        self.wake_all()
        self._on_change()

    def wake_all(self) -> None:
        for job in self._posted.values():
            job.wake()

    def on_hint(self, hint: Hint) -> None:
        """Called inside the socket's reading loop. An end frees the slot before anything else happens."""
        match hint:
            case Ended(prompt_id) if job := self._posted.get(prompt_id):
                self.turns.give(job.id)
                job.end_hinted = True
                job.wake()
            case Cached(prompt_id, nodes) if job := self._posted.get(prompt_id):
                job.nodes_cached = nodes
            case Began(prompt_id) | Advanced(prompt_id) | Previewed(prompt_id) if job := self._posted.get(prompt_id):
                self._on_progress(self, job, hint)
            case Connected():
                # It may be another server than before, or the same one with other models.
                self.doubted.set()
                self.wake_all()
            case Disconnected():
                self.suspected.set()
            case _:
                pass
