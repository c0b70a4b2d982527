"""What the decisions of curation-api are taken on, in tests."""

from __future__ import annotations

from carnival.contracts.ids import RunId
from carnival.contracts.run import Ceilings
from curation_api.domain.run import RunState

RUN = RunState(
    run_id=RunId("r1"),
    name="Gym",
    status="running",
    paused=False,
    n=5,
    t=10,
    profile="autonomous",
    ceilings=Ceilings(),
    winner_id=None,
)
