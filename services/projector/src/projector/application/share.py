"""A rebuild divided by runs: what happens in one run never depends on another one.

Pipelines are what runs have in common, so every share knows them. Ratings follow from the system in force as well; as
nothing else depends on them, they are made anew in the end if any but the first was ever promoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from carnival.contracts.ids import RunId
from carnival.contracts.subjects import is_about_pipelines, run_of

EVENTS_WORTH_A_SHARE: Final = 100_000
"""Another process takes seconds to start: fewer events are folded sooner without it."""


@dataclass(frozen=True, slots=True)
class Share:
    """The runs that fall to `number`, of as many shares as `of`. To the first falls what belongs to no run as well."""

    number: int = 0
    of: int = 1

    def has(self, subject: str) -> bool:
        """Whether rows are made of an event of this subject here."""
        run_id = run_of(subject)
        return self.number == (0 if run_id is None else number_of(run_id, self.of))

    def wants(self, subject: str) -> bool:
        """Whether an event of this subject has to be known here."""
        return self.has(subject) or is_about_pipelines(subject)


WHOLE: Final = Share()


def number_of(run_id: RunId, of: int) -> int:
    """The share of a run. The function `share_of` in begin_shares.sql says the same."""
    return sha256(run_id.encode()).digest()[0] % of


def shares_for(events: int, processes: int) -> int:
    """Into how many shares so many events are best divided, if so many processes may work on them."""
    return max(1, min(processes, events // EVENTS_WORTH_A_SHARE))
