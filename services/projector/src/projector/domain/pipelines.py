"""Pipeline versions."""

from __future__ import annotations

from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.verdict import VoidReason
from projector.domain.read_model import Fact, ReadModel, UnusableEvent, narrowed
from projector.domain.rows import PipelineVersion


def define(model: ReadModel, event: PipelineDefined, fact: Fact) -> VoidReason | None:
    """A version is immutable: the first definition stands."""
    versions = model.pipelines.get(event.pipeline_id, {})
    if event.version in versions:
        return VoidReason.VERSION_EXISTS
    orders = tuple(sorted(step.order for step in event.steps))
    if len(set(orders)) < len(orders):
        raise UnusableEvent(f"step orders repeat: {orders}")
    versions = model.pipelines.setdefault(event.pipeline_id, versions)
    versions[event.version] = PipelineVersion(event.pipeline_id, event.version, orders)
    model.changes.pipelines.append(narrowed(fact, event))
    return None
