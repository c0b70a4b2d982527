"""The rating systems a hub may use: their names and their settings. How they rate is the projector's affair.

Every system starts a candidate at 1000 and is shown in points: 400 points of lead are odds of ten to one.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Field, JsonValue, ValidationError

from carnival.contracts.envelope import Value


class RatingSystemName(StrEnum):
    ELO = "elo"
    """The default (ELO-1 to ELO-6)."""
    ELO_ANNEALED = "elo-annealed"
    WENG_LIN = "weng-lin"
    BRADLEY_TERRY = "bradley-terry"


class Settings(Value):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=False)


class EloSettings(Settings):
    """`k`: points at stake in a vote."""

    k: Annotated[float, Field(gt=0, le=1000)] = 32


class EloAnnealedSettings(Settings):
    """K falls with a candidate's votes: max(`k_min`, `k_start` / (1 + votes / `halving_votes`))."""

    k_start: Annotated[float, Field(gt=0, le=1000)] = 200
    k_min: Annotated[float, Field(ge=0, le=1000)] = 16
    halving_votes: Annotated[float, Field(gt=0, le=1_000_000)] = 3


class WengLinSettings(Settings):
    """A Gaussian belief of mean `mu` and deviation `sigma`; `beta`: how much one vote scatters; `tau` is added to the
    deviation before each vote; `kappa` keeps it from vanishing."""

    mu: Annotated[float, Field(ge=-1e6, le=1e6)] = 25.0
    sigma: Annotated[float, Field(gt=0, le=1e6)] = 25.0 / 3.0
    beta: Annotated[float, Field(gt=0, le=1e6)] = 25.0 / 6.0
    tau: Annotated[float, Field(ge=0, le=1e6)] = 25.0 / 300.0
    kappa: Annotated[float, Field(gt=0, lt=1)] = 0.0001


class BradleyTerrySettings(Settings):
    """`spread`: standard deviation, in logits, of the strengths that are expected before any vote."""

    spread: Annotated[float, Field(gt=0, le=100)] = 2.0


SETTINGS: Final[Mapping[RatingSystemName, type[Settings]]] = {
    RatingSystemName.ELO: EloSettings,
    RatingSystemName.ELO_ANNEALED: EloAnnealedSettings,
    RatingSystemName.WENG_LIN: WengLinSettings,
    RatingSystemName.BRADLEY_TERRY: BradleyTerrySettings,
}


class UnknownRatingSystem(ValueError):
    """No system of this name, or one that has not these settings."""


def checked_settings(system: str, settings: Mapping[str, JsonValue]) -> Settings:
    """The settings of a system, completed by its defaults. Raises UnknownRatingSystem."""
    try:
        name = RatingSystemName(system)
    except ValueError as error:
        known = ", ".join(RatingSystemName)
        raise UnknownRatingSystem(f"There is no rating system {system!r}; there are {known}") from error
    try:
        return SETTINGS[name].model_validate(dict(settings))
    except ValidationError as error:
        found = error.errors()[0]
        place = ".".join(str(part) for part in found["loc"])
        raise UnknownRatingSystem(f"{system}: setting {place}: {found['msg']}") from error
