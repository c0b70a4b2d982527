"""Gateways and ComfyUI servers."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from carnival_cli.api.views.page import View
from carnival_cli.api.views.pipeline import Lack


class Device(View):
    name: str
    type: str = ""
    memory_total: int = 0
    memory_free: int = 0


class JobAtNode(View):
    job_id: str
    run_id: str
    step_order: int
    attempt: int
    phase: str


class NodeError(View):
    time: datetime
    failure_class: str
    message: str
    job_id: str | None = None


class Idle(View):
    cause: str
    words: str


class FleetNode(View):
    """One ComfyUI server."""

    gateway: str
    node: str
    pool: str
    slots: int
    state: str
    since: datetime | None = None
    reason: str = ""
    drained: bool = False
    version: str = ""
    gateway_version: str = ""
    devices: list[Device] = Field(default_factory=list[Device])
    memory_total: int = 0
    memory_free: int = 0
    current_jobs: list[JobAtNode] = Field(default_factory=list[JobAtNode])
    last_errors: list[NodeError] = Field(default_factory=list[NodeError])
    idle: Idle | None = None
    node_classes: int = 0
    model_files: int = 0
    capabilities: str = ""
    expires_at: datetime | None = None


class FleetGateway(View):
    gateway: str
    version: str
    drained: bool
    nodes: list[FleetNode]


class Choice(View):
    value: str
    servers: int


class InputChoices(View):
    input: str
    choices: list[Choice]


class ClassChoices(View):
    """What a pool has for the inputs of one node class; `knowing` of its `servers` have the class."""

    pool: str
    class_type: str
    servers: int
    knowing: int
    inputs: list[InputChoices]


class BlockedStep(View):
    """A step of an active run that no server present can do."""

    run_id: str
    run_name: str
    order: int
    name: str
    readiness: str
    warning: str | None = None
    lacks: list[Lack] = Field(default_factory=list[Lack])


class Pool(View):
    pool: str
    slots: int
    busy: int
    gateways: list[FleetGateway]
    blocked: list[BlockedStep]


class Drain(View):
    gateway: str
    node: str | None
    reason: str
    since: datetime
    actor: str | None = None


class Fleet(View):
    pools: list[Pool]
    drains: list[Drain]
