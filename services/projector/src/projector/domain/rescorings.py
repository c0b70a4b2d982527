"""Other rating systems over the whole history: what was asked for, computed, promoted."""

from __future__ import annotations

from carnival.contracts.rating import RatingSystemPromoted, RescoringFinished, RescoringRequested
from carnival.contracts.verdict import VoidReason
from projector.domain.read_model import Fact, ReadModel, Rescoring
from projector.domain.texts import storable_json


def request(model: ReadModel, event: RescoringRequested, fact: Fact) -> VoidReason | None:
    if event.rescoring_id in model.rescorings:
        return VoidReason.NOTHING_CHANGES
    settings = {str(storable_json(name)): storable_json(value) for name, value in event.settings.items()}
    rescoring = Rescoring(event.rescoring_id, event.system, settings, fact.position)
    model.rescorings[rescoring.rescoring_id] = rescoring
    model.changes.rescorings[rescoring] = None
    return None


def finish(model: ReadModel, event: RescoringFinished) -> VoidReason | None:
    rescoring = model.rescorings.get(event.rescoring_id)
    if rescoring is None or rescoring.system != event.system:
        return VoidReason.UNKNOWN_RESCORING
    if rescoring.state != "requested":
        return VoidReason.NOTHING_CHANGES
    rescoring.state, rescoring.up_to, rescoring.votes, rescoring.digest = (
        "finished",
        event.up_to,
        event.votes,
        event.digest,
    )
    model.changes.rescorings[rescoring] = None
    return None


def promote(model: ReadModel, event: RatingSystemPromoted) -> VoidReason | None:
    """Only what was computed can be promoted."""
    rescoring = model.rescorings.get(event.rescoring_id)
    if rescoring is None or rescoring.system != event.system or rescoring.state == "requested":
        return VoidReason.UNKNOWN_RESCORING
    if rescoring.state == "promoted":
        return VoidReason.NOTHING_CHANGES
    rescoring.state = "promoted"
    model.changes.rescorings[rescoring] = None
    return None
