"""The fleet as clients see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import Field

from carnival.contracts.drain import Drain
from carnival.contracts.notices import JobPhase, NodePresence
from curation_api.application.views.page import View
from curation_api.domain.fleet import BlockedStep
from curation_api.domain.fleet_choices import ClassChoices
from curation_api.domain.preflight import Readiness, StepReadiness


class LackView(View):
    """What no server has for one node of a template."""

    node_id: str = Field(description="The node's id in the template.", examples=["4"])
    class_type: str = Field(description="The node's class.", examples=["FaceDetailer"])
    input: str | None = Field(description="Null: the node class itself is missing.")
    file: str | None = Field(description="The file that no server has; null where the class is missing.")


class StepReadinessView(View):
    """Whether the servers present can do one step."""

    order: int
    name: str = Field(description="The step's name.")
    pool: str
    readiness: Readiness = Field(description="ready, missing, no_server or unknown (nobody has said what it can do).")
    servers: int = Field(description="Servers of the pool that are present.")
    lacks: list[LackView] = Field(description="What the closest server lacks.")
    warning: str | None = Field(description="The same as a sentence.")

    @staticmethod
    def of(step: StepReadiness) -> StepReadinessView:
        return StepReadinessView.model_validate(step, from_attributes=True)


class DrainView(View):
    """What an operator wants no more jobs for. It holds until it is withdrawn, whoever is present."""

    gateway: str = Field(description="The gateway.")
    node: str | None = Field(description="The server; null: every server of the gateway.")
    reason: str = Field(description="Why; may be empty.")
    since: datetime = Field(description="When it was asked for.")
    actor: str | None = Field(description="Who asked for it.")

    @staticmethod
    def of(drain: Drain) -> DrainView:
        return DrainView.model_validate(drain, from_attributes=True)


class BlockedStepView(View):
    """A step of an active run that no server present can do."""

    run_id: str
    run_name: str
    order: int
    name: str = Field(description="The step's name.")
    readiness: Readiness = Field(description="missing, or no_server.")
    lacks: list[LackView] = Field(description="What the closest server lacks.")
    warning: str | None = Field(description="The same as a sentence.")

    @staticmethod
    def of(blocked: BlockedStep) -> BlockedStepView:
        step = StepReadinessView.of(blocked.step)
        return BlockedStepView(
            run_id=blocked.run.run_id,
            run_name=blocked.run.name,
            order=step.order,
            name=step.name,
            readiness=step.readiness,
            lacks=step.lacks,
            warning=step.warning,
        )


class GatewayView(View):
    """One gateway with its ComfyUI servers."""

    gateway: str
    version: str = Field(description="Version of the gateway.", examples=["0.1.0"])
    drained: bool = Field(description="Whether the whole gateway is drained.")
    nodes: list[NodePresence] = Field(description="Its servers, by name.")


class PoolView(View):
    """One pool: who renders for it, and what nobody there can do. Also a pool that runs want and nobody serves."""

    pool: str
    slots: int = Field(description="Jobs its servers render at once, without those that take none now.")
    busy: int = Field(description="Jobs at its servers now.")
    gateways: list[GatewayView] = Field(description="By name.")
    blocked: list[BlockedStepView] = Field(description="Steps of active runs that none of its servers can do.")


class ChoiceView(View):
    value: str = Field(description="As a workflow names it.", examples=["sdxl_base.safetensors"])
    servers: int = Field(description="Servers that have it.")


class InputChoicesView(View):
    input: str = Field(description="The input's name.", examples=["ckpt_name"])
    choices: list[ChoiceView] = Field(description="What it may be, those that most servers have first.")


class ClassChoicesView(View):
    """What a pool has for the inputs of one node class."""

    pool: str
    class_type: str = Field(description="The node class.", examples=["CheckpointLoaderSimple"])
    servers: int = Field(description="Servers of the pool that are present.")
    knowing: int = Field(description="Those of them that have the node class.")
    inputs: list[InputChoicesView] = Field(description="Inputs that choose from a list, by name.")

    @staticmethod
    def of(pool: str, class_type: str, found: ClassChoices) -> ClassChoicesView:
        inputs = [InputChoicesView.model_validate(one, from_attributes=True) for one in found.inputs]
        return ClassChoicesView(
            pool=pool, class_type=class_type, servers=found.servers, knowing=found.knowing, inputs=inputs
        )


class FleetView(View):
    pools: list[PoolView] = Field(description="By name.")
    drains: list[DrainView] = Field(description="Drains in force, also of gateways that are away.")


def slots_of(nodes: Iterable[NodePresence]) -> int:
    """Jobs these servers render at once."""
    return sum(node.slots for node in nodes)


def busy_of(nodes: Iterable[NodePresence]) -> int:
    """Jobs at these servers now."""
    return sum(job.phase is JobPhase.POSTED for node in nodes for job in node.current_jobs)


def fleet_view(nodes: Sequence[NodePresence], blocked: Sequence[BlockedStep], drains: list[DrainView]) -> FleetView:
    """Everything by pool, gateway and node."""
    by_pool: defaultdict[str, list[NodePresence]] = defaultdict(list)
    for node in nodes:
        by_pool[node.pool].append(node)
    missing: defaultdict[str, list[BlockedStepView]] = defaultdict(list)
    for one in blocked:
        missing[one.step.pool].append(BlockedStepView.of(one))
    drained = {drain.gateway for drain in drains if drain.node is None}
    pools = [_pool_view(pool, by_pool[pool], missing[pool], drained) for pool in sorted({*by_pool, *missing})]
    return FleetView(pools=pools, drains=sorted(drains, key=lambda drain: (drain.gateway, drain.node or "")))


def _pool_view(pool: str, nodes: Sequence[NodePresence], blocked: list[BlockedStepView], drained: set[str]) -> PoolView:
    by_gateway: defaultdict[str, list[NodePresence]] = defaultdict(list)
    for node in sorted(nodes, key=lambda node: node.key):
        by_gateway[node.gateway].append(node)
    return PoolView(
        pool=pool,
        slots=slots_of(nodes),
        busy=busy_of(nodes),
        gateways=[
            GatewayView(
                gateway=gateway,
                version=own[0].gateway_version,
                drained=gateway in drained,
                nodes=own,
            )
            for gateway, own in by_gateway.items()
        ],
        blocked=blocked,
    )
