"""Draining servers, and steps that nobody present can do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from carnival.contracts.drain import Drain, DrainRequested, Drains, DrainWithdrawn
from carnival.contracts.fleet import PresentNode
from carnival.contracts.ids import PipelineId, RunId
from carnival.contracts.notices import NodePresence
from carnival.contracts.pipeline import StepDefinition
from curation_api.domain.fleet_refusals import GatewayDrained, GatewayUnknown, NodeUnknown
from curation_api.domain.preflight import Readiness, StepReadiness, readiness_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A server, or with `node` None all servers of a gateway."""

    gateway: str
    node: str | None

    @property
    def words(self) -> str:
        return f"node {self.node} of gateway {self.gateway}" if self.node else f"gateway {self.gateway}"


def request_drain(
    place: Place, reason: str, drains: Drains, present: Collection[NodePresence]
) -> DrainRequested | None:
    """None if it is drained already. Raises GatewayUnknown, NodeUnknown: a name nobody announces may be mistyped."""
    if _drain_of(place, drains) is not None:
        return None
    _check_present(place, present)
    return DrainRequested(gateway=place.gateway, node=place.node, reason=reason)


def withdraw_drain(place: Place, drains: Drains, present: Collection[NodePresence]) -> DrainWithdrawn | None:
    """None if nothing there is drained. Raises GatewayUnknown, NodeUnknown, GatewayDrained."""
    within = [drain for drain in drains.in_force.values() if drain.gateway == place.gateway]
    if any(place.node in (None, drain.node) for drain in within):
        return DrainWithdrawn(gateway=place.gateway, node=place.node)
    if place.node and any(drain.node is None for drain in within):
        raise GatewayDrained(f"The whole gateway {place.gateway} is drained")
    _check_present(place, present)
    return None


def _drain_of(place: Place, drains: Drains) -> Drain | None:
    return drains.in_force.get((place.gateway, place.node))


def _check_present(place: Place, present: Collection[NodePresence]) -> None:
    own = [node.node for node in present if node.gateway == place.gateway]
    if not own:
        raise GatewayUnknown(f"No gateway {place.gateway} is present")
    if place.node and place.node not in own:
        raise NodeUnknown(f"Gateway {place.gateway} has no node {place.node}; it has {', '.join(sorted(own))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveRun:
    """A run that wants jobs, with the pipeline version it follows."""

    run_id: RunId
    name: str
    pipeline_id: PipelineId
    pipeline_version: int
    variables: Mapping[str, object]

    @property
    def pipeline(self) -> tuple[PipelineId, int]:
        return self.pipeline_id, self.pipeline_version


@dataclass(frozen=True, slots=True)
class BlockedStep:
    """A step of an active run that nobody present can do."""

    run: ActiveRun
    step: StepReadiness


def blocked_steps(
    runs: Sequence[ActiveRun],
    steps: Mapping[tuple[PipelineId, int], Sequence[StepDefinition]],
    nodes: Sequence[PresentNode],
) -> Iterator[BlockedStep]:
    """By run and order. `steps` holds the pipelines of all `runs`."""
    for run in runs:
        for step in readiness_of(steps[run.pipeline], nodes, run.variables):
            if step.readiness in (Readiness.MISSING, Readiness.NO_SERVER):
                yield BlockedStep(run, step)
