"""One ComfyUI server as the gateway sees it: its state, its jobs, its turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from carnival.contracts.capabilities import Capabilities, Lack
from carnival.contracts.ids import JobId
from carnival.contracts.notices import Idle, JobAtNode, JobPhase, NodeState
from comfy_gateway.application.ports import ComfyServer, Hints
from comfy_gateway.application.record_health import HealthRecord
from comfy_gateway.application.take_turns import Turns
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.domain.capability import lacks_of
from comfy_gateway.domain.health import HealthRules
from comfy_gateway.domain.hint import Advanced, Began, Cached, Connected, Disconnected, Ended, Hint, Previewed, WentDeaf
from comfy_gateway.domain.machine import Machine
from comfy_gateway.domain.node import NodeLoad
from comfy_gateway.domain.standing import Facts, Standing, idle_of
from comfy_gateway.domain.workflow import Workflow

LACKS_SHOWN_SECONDS: Final = 10.0
"""Jobs that are kept from a server for what it lacks come by every second or so."""
LACKS_NAMED_MAX: Final = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether the server can take work, and if not, why."""

    ready: bool
    reason: str = ""


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
        rules: HealthRules,
        on_change: Callable[[], None],
        on_progress: Callable[[Node, JobInHand, Began | Advanced | Previewed], None],
        clock: Callable[[], datetime],
    ) -> None:
        self.server = server
        self.hints = hints
        self.slots = slots
        self.turns = Turns(slots)
        self.machine = Machine()
        self.learned: Learned | None = None
        self.doubted = asyncio.Event()
        self.suspected = asyncio.Event()
        self.condition = Condition(ready=False, reason="not reached yet")
        self.record = HealthRecord(server.name, rules, clock, self._restate)
        self.drain: str | None = None
        self.held: str | None = None
        self.ending = False
        self.jobs: dict[JobId, JobInHand] = {}
        self.standing = Standing(state=NodeState.UNREACHABLE, reason=self.condition.reason, since=clock())
        self._posted: dict[str, JobInHand] = {}
        self._kept_away: tuple[float, tuple[Lack, ...]] = (0.0, ())
        self._jobs_ahead = jobs_ahead
        self._on_change = on_change
        self._on_progress = on_progress
        self._clock = clock

    @property
    def name(self) -> str:
        return self.server.name

    @property
    def version(self) -> str:
        return self.machine.version

    @property
    def facts(self) -> Facts:
        return Facts(
            trouble=None if self.condition.ready else self.condition.reason,
            quarantine=self.record.health.quarantine,
            drain=self.drain,
            held=self.held,
            ending=self.ending,
            rendering=bool(self._posted),
        )

    @property
    def load(self) -> NodeLoad:
        registering = sum(job.phase is JobPhase.REGISTERING for job in self.jobs.values())
        return NodeLoad(
            name=self.name,
            ready=self.facts.takes_jobs,
            slots=self.slots,
            jobs_ahead=self._jobs_ahead,
            open=len(self.jobs) - registering,
            registering=registering,
        )

    @property
    def shown_jobs(self) -> tuple[JobAtNode, ...]:
        """The posted ones first."""
        jobs = sorted(self.jobs.values(), key=lambda job: job.phase is not JobPhase.POSTED)
        return tuple(job.shown for job in jobs)

    @property
    def busy_slots(self) -> int:
        return min(self.slots, len(self._posted))

    def idle(self, pool: str) -> Idle | None:
        """Why a slot stands idle."""
        posted = len(self._posted)
        at, lacks = self._kept_away
        recent = lacks if time.monotonic() - at < LACKS_SHOWN_SECONDS else ()
        return idle_of(
            self.standing,
            self.facts,
            free_slots=self.slots - posted,
            in_hand=self.load.open - posted,
            lacks=", ".join(lack.words for lack in recent[:LACKS_NAMED_MAX]),
            pool=pool,
        )

    def take_in(self, job: JobInHand) -> None:
        self.jobs[job.id] = job
        self._on_change()

    def let_go(self, job: JobInHand) -> None:
        self.jobs.pop(job.id, None)
        self.ended(job)

    def posted(self, job: JobInHand) -> None:
        """From now on frames about the job's prompt id concern it."""
        job.forget_heard()
        self._posted[job.prompt_id] = job
        self._restate()

    def ended(self, job: JobInHand) -> None:
        """The server is through with the job: the next one may go."""
        self._posted.pop(job.prompt_id, None)
        self.turns.give(job.id)
        self._restate()

    def learn(self, learned: Learned) -> None:
        self.learned = learned
        self._on_change()

    def lacks(self, workflow: Workflow) -> tuple[Lack, ...]:
        """What the server is known to lack for a workflow; nothing while it has not said what it can do."""
        return lacks_of(workflow, self.learned.capabilities) if self.learned else ()

    def kept_from(self, lacks: tuple[Lack, ...]) -> None:
        """A job went elsewhere, or waits, for what this server lacks."""
        self._kept_away = (time.monotonic(), lacks)

    def turn_to(self, condition: Condition) -> None:
        """A new condition. What is only staged leaves an unready node, so that another one may take it."""
        changed = condition.ready != self.condition.ready
        self.condition = condition
        self._restate()
        if not changed:
            return
        if condition.ready:
            self.doubted.set()
        self.wake_all()

    def drain_for(self, reason: str | None) -> None:
        """An operator wants no jobs here, in words why; None: any more. What is only staged leaves."""
        self.drain = reason
        self._restate()

    def hold(self, reason: str | None) -> None:
        """Its gateway has no use for any server, in words why; None: any more. What is only staged leaves."""
        if reason != self.held:
            self.held = reason
            self._restate()

    def end(self) -> None:
        """Its gateway ends: nobody gets a turn any more."""
        self.ending = True
        self.turns.close()
        self._restate()

    def wake_all(self) -> None:
        for job in self._posted.values():
            job.wake()

    def on_hint(self, hint: Hint) -> None:
        """Called inside the socket's reading loop. An end frees the slot before anything else happens."""
        match hint:
            case Ended(prompt_id) if job := self._posted.get(prompt_id):
                self.turns.give(job.id)
                job.hear()
                job.end_hinted = True
                job.wake()
            case Cached(prompt_id, nodes) if job := self._posted.get(prompt_id):
                job.nodes_cached = nodes
            case Began(prompt_id) | Advanced(prompt_id) | Previewed(prompt_id) if job := self._posted.get(prompt_id):
                job.hear(began=isinstance(hint, Began))
                self._on_progress(self, job, hint)
            case Connected():
                # It may be another server than before, or the same one with other models.
                self.doubted.set()
                self.wake_all()
            case Disconnected():
                for job in self._posted.values():
                    job.hear()
                self.suspected.set()
            case WentDeaf():
                self.record.noticed("Its socket went deaf, so another one is opened")
            case _:
                pass

    def _restate(self) -> None:
        """Something changed that its state is made of."""
        facts = self.facts
        self.standing = self.standing.after(facts, self._clock())
        if not facts.takes_jobs:
            self.turns.withdraw_all()
        self._on_change()
