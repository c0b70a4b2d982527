"""Other rating systems over the whole history: what was asked for, computed, promoted or dropped."""

from __future__ import annotations

from carnival.contracts.rating import RatingSystemPromoted, RescoringDropped, RescoringFinished, RescoringRequested
from carnival.contracts.verdict import VoidReason
from projector.domain import rating
from projector.domain.ratings.choosing import is_known
from projector.domain.read_model import Fact, Promotion, ReadModel, Rescoring
from projector.domain.texts import storable_json


def request(model: ReadModel, event: RescoringRequested, fact: Fact) -> VoidReason | None:
    if event.rescoring_id in model.rescorings:
        return VoidReason.NOTHING_CHANGES
    if not is_known(event.system, event.settings):
        return VoidReason.UNKNOWN_RATING_SYSTEM
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
    rescoring.state, rescoring.up_to, rescoring.votes = "finished", event.up_to, event.votes
    rescoring.digest, rescoring.comparison = event.digest, event.comparison
    model.changes.rescorings[rescoring] = None
    return None


def drop(model: ReadModel, event: RescoringDropped) -> VoidReason | None:
    """The promoted one stays what it is."""
    rescoring = model.rescorings.get(event.rescoring_id)
    if rescoring is None or rescoring.system != event.system:
        return VoidReason.UNKNOWN_RESCORING
    if rescoring.state == "dropped" or _in_force(model) == rescoring.rescoring_id:
        return VoidReason.NOTHING_CHANGES
    rescoring.state = "dropped"
    model.changes.rescorings[rescoring] = None
    return None


def promote(model: ReadModel, event: RatingSystemPromoted, fact: Fact) -> VoidReason | None:
    """Only what was computed can be promoted; what was promoted before may be again."""
    rescoring = model.rescorings.get(event.rescoring_id)
    if rescoring is None or rescoring.system != event.system or rescoring.state not in {"finished", "promoted"}:
        return VoidReason.UNKNOWN_RESCORING
    if _in_force(model) == rescoring.rescoring_id:
        return VoidReason.NOTHING_CHANGES
    rescoring.state = "promoted"
    model.changes.rescorings[rescoring] = None
    promotion = Promotion(rescoring.system, rescoring.settings, rescoring.rescoring_id, fact.position)
    model.promotion = model.changes.promotion = promotion
    rating.start_all_over(model)
    return None


def _in_force(model: ReadModel) -> str | None:
    return model.promotion.rescoring_id if model.promotion else None
