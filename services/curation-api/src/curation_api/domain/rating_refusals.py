"""Why a rating system or a rescoring cannot be used."""

from __future__ import annotations

from curation_api.domain.refusals import Conflict, Invalid, Missing


class BadRatingSystem(Invalid):
    kind = "bad-rating-system"
    title = "There is no such rating system, or it has no such settings"
    advice = "GET /api/ratings lists the systems with their settings."


class RescoringUnknown(Missing):
    kind = "rescoring-unknown"
    title = "No such rescoring"


class RescoringUnfinished(Conflict):
    kind = "rescoring-unfinished"
    title = "The rescoring is not computed yet"
    advice = "Look at it until its state is finished; the projector must be running."


class RescoringSettled(Conflict):
    kind = "rescoring-settled"
    title = "The rescoring is dropped, or in force"
    advice = "Ask for it again, or promote another one first."
