"""Ask for jobs until the capacity is used: choose, append, again."""

from __future__ import annotations

from datetime import datetime

import structlog

from carnival.contracts.job import JobRequested
from carnival.contracts.run import RunPolicy
from carnival.telemetry.tracing import span
from selector.application.frontiers import Frontiers, IdleRuns
from selector.application.own_events import OwnEvents
from selector.application.ports import Causes, Clock, Presence, Reading
from selector.domain.capacity import Load
from selector.domain.choice import BaseGeneration, ChildGeneration, Choice, choose_next_job, work_of
from selector.domain.overlay import OwnEvent, open_jobs_with
from selector.domain.raffle import Draw
from selector.domain.request import job_request, request_id
from selector.domain.rules import Limits
from selector.domain.work import NoWork, Obstacle

_log = structlog.get_logger(__name__)


class SelectJobs:
    """SEL, RUN and WRK-3 on one reading."""

    def __init__(
        self,
        own: OwnEvents,
        presence: Presence,
        causes: Causes,
        policy: RunPolicy,
        limits: Limits,
        draw: Draw,
        clock: Clock,
    ) -> None:
        self._own = own
        self._presence = presence
        self._causes = causes
        self._policy = policy
        self._limits = limits
        self._draw = draw
        self._clock = clock
        self._idle = IdleRuns()

    def look_everywhere(self) -> None:
        """Let the next call look at runs again that were found idle."""
        self._idle.forget()

    async def __call__(self, reading: Reading) -> int:
        """How many jobs were asked for. Raises Overtaken (read again), LeaseLost and log errors."""
        survey = reading.survey
        frontiers = Frontiers(reading, self._policy, self._own.entries, self._idle.without(survey.runs))
        asked = 0
        while (load := self._load(reading)).has_any_room(survey.pools):
            began = self._clock()
            choice = await self._choose(frontiers, load)
            if not isinstance(choice, ChildGeneration | BaseGeneration):
                break
            frontiers.apply(await self._request(choice, began))
            asked += 1
        return asked

    def _load(self, reading: Reading) -> Load:
        return Load(self._presence.capacity(), open_jobs_with(reading.survey.open_jobs, self._own.entries))

    async def _choose(self, frontiers: Frontiers, load: Load) -> Choice:
        async for runs in frontiers.portions():
            now = self._clock()
            choice = choose_next_job(
                runs,
                self._policy,
                self._limits,
                self._draw,
                now,
                last_served=frontiers.last_served,
                has_room=load.has_room,
            )
            if isinstance(choice, ChildGeneration | BaseGeneration):
                return choice
            for run in runs:
                self._idle.note(run, work_of(run, self._limits, now, load.has_room), frontiers.read_at(run.run_id))
        return NoWork(Obstacle.NO_ACTIVE_RUN)

    async def _request(self, choice: ChildGeneration | BaseGeneration, began: datetime) -> OwnEvent:
        """The decision continues the trace of the newest command it follows from, and links to the others."""
        policy = choice.run.policy or self._policy
        event = job_request(choice, policy, self._own.read_position, self._draw, self._clock())
        event_id, position = request_id(event.run_id, event.number), event.decision.read_position
        causes = self._causes.behind(event.run_id, position)
        newest = causes[0] if causes else None
        with span("decide", traceparent=newest, links=causes[1:], begun=began, job_id=event.job_id) as running:
            running.set_attribute("run_id", event.run_id)
            entry = await self._own.append_decided(event, event_id, choice.run.last_position)
            _log.info("Job requested", position=entry.position, correlation_id=event_id, **_fields(event))
        self._causes.followed(event.run_id, position)
        return entry


def _fields(event: JobRequested) -> dict[str, object]:
    return {
        "action": "job_requested",
        "run_id": event.run_id,
        "job_id": event.job_id,
        "number": event.number,
        "step_order": event.step_order,
        "pool": event.pool,
        "parent_id": event.parent.candidate_id if event.parent else None,
        "mode": event.decision.mode,
        "competitors": event.decision.competitors_total,
    }
