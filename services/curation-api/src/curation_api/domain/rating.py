"""Commands about rating systems: which rescoring may be asked for, promoted, dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from carnival.contracts.rating import RatingChoice, RatingSystemPromoted, RescoringDropped, RescoringRequested
from carnival.contracts.rating_systems import UnknownRatingSystem, checked_settings
from curation_api.domain.rating_refusals import BadRatingSystem, RescoringSettled, RescoringUnfinished


@dataclass(frozen=True, slots=True, kw_only=True)
class RescoringState:
    """A rescoring as the read model has it; `in_force` says that its system rates now."""

    rescoring_id: str
    system: str
    settings: dict[str, JsonValue]
    state: str
    in_force: bool


def checked_choice(system: str, settings: Mapping[str, JsonValue]) -> RatingChoice:
    """Raises BadRatingSystem."""
    try:
        checked_settings(system, settings)
    except UnknownRatingSystem as error:
        raise BadRatingSystem(str(error), system=system) from error
    return RatingChoice(system=system, settings=dict(settings))


def request_rescoring(choice: RatingChoice, rescoring_id: str) -> RescoringRequested:
    """Raises BadRatingSystem."""
    checked = checked_choice(choice.system, choice.settings)
    return RescoringRequested(rescoring_id=rescoring_id, system=checked.system, settings=checked.settings)


def promote(rescoring: RescoringState) -> RatingSystemPromoted | None:
    """None if it rates already. Raises RescoringUnfinished, RescoringSettled."""
    if rescoring.in_force:
        return None
    if rescoring.state == "requested":
        raise RescoringUnfinished("The rescoring is still being computed; nobody has seen what it would change")
    if rescoring.state == "dropped":
        raise RescoringSettled("The rescoring was dropped; ask for it again")
    return RatingSystemPromoted(
        rescoring_id=rescoring.rescoring_id, system=rescoring.system, settings=rescoring.settings
    )


def drop(rescoring: RescoringState) -> RescoringDropped | None:
    """None if it is dropped already. Raises RescoringSettled for the one in force."""
    if rescoring.in_force:
        raise RescoringSettled("The rescoring is in force; promote another one first")
    if rescoring.state == "dropped":
        return None
    return RescoringDropped(rescoring_id=rescoring.rescoring_id, system=rescoring.system)
