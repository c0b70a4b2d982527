"""A system by its name."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from carnival.contracts.rating_systems import (
    BradleyTerrySettings,
    EloAnnealedSettings,
    EloSettings,
    UnknownRatingSystem,
    WengLinSettings,
    checked_settings,
)
from projector.domain.ratings.bradley_terry import BradleyTerry
from projector.domain.ratings.elo import Elo
from projector.domain.ratings.elo_annealed import EloAnnealed
from projector.domain.ratings.system import RatingSystem
from projector.domain.ratings.weng_lin import WengLin


def rating_system(name: str, settings: Mapping[str, JsonValue]) -> RatingSystem:
    """The named system with these settings, its defaults for the rest. Raises UnknownRatingSystem."""
    match checked_settings(name, settings):
        case EloSettings(k=k):
            return Elo(k)
        case EloAnnealedSettings() as chosen:
            return EloAnnealed(chosen.k_start, chosen.k_min, chosen.halving_votes)
        case WengLinSettings() as chosen:
            return WengLin(chosen.mu, chosen.sigma, chosen.beta, chosen.tau, chosen.kappa)
        case BradleyTerrySettings(spread=spread):
            return BradleyTerry(spread)
        case other:
            raise TypeError(f"no system has {type(other).__name__}")


def is_known(name: str, settings: Mapping[str, JsonValue]) -> bool:
    """Whether there is such a system, with such settings."""
    try:
        checked_settings(name, settings)
    except UnknownRatingSystem:
        return False
    return True
