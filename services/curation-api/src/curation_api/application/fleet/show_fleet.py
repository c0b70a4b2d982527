"""Who is there, by pool and gateway, and what active runs want that nobody there can do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from carnival.contracts.drain import Drains
from carnival.contracts.fleet import PresentNode
from curation_api.application.ports import Fleet, Pipelines, Runs
from curation_api.application.views.fleet import ClassChoicesView, DrainView, FleetView, fleet_view
from curation_api.domain.fleet import BlockedStep, blocked_steps
from curation_api.domain.fleet_choices import choices_of

RUNS_MAX = 50


class ShowFleet:
    def __init__(self, fleet: Fleet, runs: Runs, pipelines: Pipelines, drains: Drains) -> None:
        self._fleet = fleet
        self._runs = runs
        self._pipelines = pipelines
        self._drains = drains

    async def __call__(self) -> FleetView:
        """Steps of the newest 50 active runs are looked at. Raises LogUnavailable."""
        nodes = await self._fleet.present()
        blocked = await self._blocked(nodes)
        drains = [DrainView.of(drain) for drain in self._drains.in_force.values()]
        return fleet_view([node.presence for node in nodes], blocked, drains)

    async def choices(self, pool: str, class_type: str) -> ClassChoicesView:
        """What the servers of a pool that are present have for the inputs of a node class. Raises LogUnavailable."""
        nodes = [node for node in await self._fleet.present() if node.presence.pool == pool]
        return ClassChoicesView.of(pool, class_type, choices_of(class_type, nodes))

    async def _blocked(self, nodes: Sequence[PresentNode]) -> list[BlockedStep]:
        runs = await self._runs.active(RUNS_MAX)
        steps = {pipeline: await self._pipelines.steps(*pipeline) for pipeline in {run.pipeline for run in runs}}
        return await asyncio.to_thread(lambda: list(blocked_steps(runs, steps, nodes)))
