"""Why a job was asked for, in the API's answers."""

from __future__ import annotations

from datetime import datetime

from carnival_cli.api.views.page import View
from carnival_cli.api.views.run import Raffle


class Competitor(View):
    candidate_id: str
    tickets: int
    first: int
    last: int
    share: float
    won: bool
    missed_by: int


class Reason(View):
    rule: str
    says: str


class Decision(View):
    """Why a job was asked for."""

    job_id: str
    run_id: str
    number: int
    state: str
    step_name: str
    parent_id: str | None
    candidate_id: str | None
    mode: str
    draw: int | None
    tickets_total: int
    competitors_total: int
    competitors: list[Competitor]
    reasons: list[Reason]
    would_change: list[str]
    step_order: int = 0
    seed: str = ""
    requested_at: datetime | None = None
    position: int = 0
    read_position: int = 0
    policy: str = ""
    profile: str = ""
    raffle: Raffle = Raffle()
    unrecorded: int = 0
    winner: Competitor | None = None
