"""The read model as a view of the library `eventsourcing`: the same rows as a rebuild writes, one event at a time.

Into tables of its own shape, with its indexes, in a schema of their own. Each event is looked up, judged and written in
one transaction together with its position, which is how the library counts each exactly once.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Final

from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from psycopg.sql import SQL, Composed, Identifier, Placeholder

from carnival.contracts.envelope import Event
from carnival.contracts.job import ImageProduced, JobRequested
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.run import RunStarted
from carnival.contracts.vote import Outcome, VoteCast
from measuring.vote_history import STEPS
from projector.domain.ratings.elo import TIED, WON, change
from projector.domain.ratings.system import INITIAL, RIGHT_WON

SCHEMA: Final = "peer"
RESULTS: Final = {Outcome.LEFT: WON, Outcome.TIE: TIED, Outcome.RIGHT: RIGHT_WON}

SIDES = """
    SELECT candidate_id, rating, live, step_order, coalesce(same_as, candidate_id) AS picture
    FROM peer.candidates WHERE candidate_id IN (%s, %s) ORDER BY candidate_id FOR UPDATE
"""
COMPARED = """
    SELECT 1 FROM peer.votes WHERE NOT retracted
    AND (left_id, right_id, voter) IN ((%(left)s, %(right)s, %(voter)s), (%(right)s, %(left)s, %(voter)s))
"""
JUDGE = """
    UPDATE peer.candidates SET rating = rating + %s, votes = votes + 1, both_bad = both_bad + %s WHERE candidate_id = %s
"""
VOTED = "UPDATE peer.runs SET votes = votes + %s, last_position = %s WHERE run_id = %s"
ASKED = """
    UPDATE peer.runs SET status = 'running', last_job_number = %s, open_jobs = open_jobs + 1,
    open_live_jobs = open_live_jobs + 1, served_position = %s, last_position = %s WHERE run_id = %s
"""
MADE = """
    UPDATE peer.runs SET open_jobs = open_jobs - 1, open_live_jobs = open_live_jobs - 1, images = images + 1,
    live_finals = live_finals + %s, gpu_seconds = gpu_seconds + %s, last_position = %s WHERE run_id = %s
"""
ENDED = """
    UPDATE peer.jobs SET state = 'completed', gateway = %s, node = %s, attempt = %s, candidate_id = %s,
    gpu_seconds = %s, ended_at = %s WHERE job_id = %s RETURNING number, seed
"""
STEP = "UPDATE peer.run_steps SET open_jobs = open_jobs + %s, live = live + %s WHERE run_id = %s AND step_order = %s"
PARENT = """
    UPDATE peer.candidates SET open_jobs = open_jobs + %s, children = children + %s, live_children = live_children + %s
    WHERE candidate_id = %s RETURNING root_id, depth
"""
COUNTS = ("votes", "both_bad", "failures", "children", "live_children", "open_jobs")
UNTOUCHED: Final = {
    **dict.fromkeys(COUNTS, 0),
    "rating": INITIAL,
    "status": "active",
    "live": True,
    "reject_note": "",
    "discarded": False,
}
FRESH_STEP: Final = {
    **dict.fromkeys(("consecutive_failures", "outage_at_job", "live", "rejected", "dead", "open_jobs"), 0),
    "paused": False,
    "pause_reason": "",
}


class PeerView(PostgresTrackingRecorder):
    def take(self, event: Event, at: datetime, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            _Writing(cursor, at, tracking.notification_id).write(event)
            self._insert_tracking(cursor, tracking)


class _Writing:
    """One event inside its transaction."""

    def __init__(self, cursor: Any, at: datetime, position: int) -> None:
        self._cursor = cursor
        self._at = at
        self._position = position

    def write(self, event: Event) -> None:
        match event:
            case VoteCast():
                self._vote(event)
            case ImageProduced():
                self._image(event)
            case JobRequested():
                self._job(event)
            case RunStarted():
                self._run(event)
            case PipelineDefined():
                pass
            case _:
                raise TypeError(event.wire_name)

    def _vote(self, vote: VoteCast) -> None:
        counts = self._is_lawful(vote)
        if counts:
            self._judge(vote)
        else:
            void = {"position": self._position, "run_id": vote.run_id, "type": vote.wire_name, "reason": "void"}
            self._insert("void_events", void)
        self._do(VOTED, (int(counts), self._position, vote.run_id))
        self._insert("commands", {"event_id": vote.vote_id, "position": self._position, "subject": vote.run_id})

    def _is_lawful(self, vote: VoteCast) -> bool:
        """Both images are there, live, in this step, and other ones; and this voter has not compared them."""
        self._sides = {row["candidate_id"]: row for row in self._do(SIDES, (vote.left_id, vote.right_id)).fetchall()}
        sides = self._sides.values()
        if len({side["picture"] for side in sides}) < 2 or not all(side["live"] for side in sides):
            return False
        if any(side["step_order"] != vote.step_order for side in sides):
            return False
        pair = {"left": vote.left_id, "right": vote.right_id, "voter": vote.voter}
        return self._do(COMPARED, pair).fetchone() is None

    def _judge(self, vote: VoteCast) -> None:
        lead = self._sides[vote.left_id]["rating"] - self._sides[vote.right_id]["rating"]
        gain = change(lead, RESULTS[vote.outcome]) if vote.outcome in RESULTS else 0
        both_bad = int(vote.outcome is Outcome.BOTH_BAD)
        self._do(JUDGE, (gain, both_bad, vote.left_id))
        self._do(JUDGE, (-gain, both_bad, vote.right_id))
        more = {"retracted": False, "merged": False, "cast_at": self._at, "position": self._position}
        self._insert("votes", vote.model_dump(mode="json") | more)

    def _job(self, job: JobRequested) -> None:
        parent = job.parent.candidate_id if job.parent else None
        row = job.model_dump(include={"job_id", "run_id", "number", "step_order", "pool", "seed"})
        row |= {"parent_id": parent, "state": "pending", "mode": job.decision.mode.value, "attempt": 0}
        row |= {"decision": job.decision.model_dump_json(), "gpu_seconds": 0, "requested_at": self._at}
        self._insert("jobs", row | {"position": self._position})
        if parent:
            self._do(PARENT, (1, 0, 0, parent))
        self._do(STEP, (1, 0, job.run_id, job.step_order))
        self._do(ASKED, (job.number, self._position, self._position, job.run_id))

    def _image(self, image: ImageProduced) -> None:
        end = (image.gateway, image.node, image.attempt, image.candidate_id, image.gpu_seconds, self._at, image.job_id)
        job = self._do(ENDED, end).fetchone()
        parent = self._do(PARENT, (-1, 1, 1, image.parent_id)).fetchone() if image.parent_id else None
        final = image.step_order == STEPS
        row = UNTOUCHED | image.image.model_dump()
        row |= image.model_dump(include={"candidate_id", "run_id", "step_order", "parent_id", "job_id", "node"})
        row |= {"is_final": final, "root_id": parent["root_id"] if parent else image.candidate_id}
        row |= {"depth": parent["depth"] + 1 if parent else 0, "job_number": job["number"], "seed": job["seed"]}
        row |= {"gpu_seconds": image.gpu_seconds, "created_at": self._at, "position": self._position}
        self._insert("candidates", row)
        self._do(STEP, (-1, 1, image.run_id, image.step_order))
        self._do(MADE, (int(final), image.gpu_seconds, self._position, image.run_id))

    def _run(self, run: RunStarted) -> None:
        row = run.model_dump(include={"run_id", "pipeline_id", "pipeline_version", "name", "folder", "n", "t"})
        row |= dict.fromkeys(("last_job_number", "open_jobs", "open_live_jobs", "live_finals", "images", "votes"), 0)
        row |= {"variables": "{}", "profile": run.profile.value, "status": "pending", "raffle": "{}", "gpu_seconds": 0}
        row |= {"paused": False, "pause_reason": "", "created_at": self._at, "created_position": self._position}
        self._insert("runs", row | {"last_position": self._position, "served_position": 0})
        for order in range(1, STEPS + 1):
            self._insert("run_steps", {**FRESH_STEP, "run_id": run.run_id, "step_order": order})

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        self._do(_insertion(table, tuple(row)), row)

    def _do(self, statement: str | Composed, values: Any) -> Any:
        return self._cursor.execute(statement, values, prepare=True)


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> Composed:
    names, values = map(Identifier, columns), map(Placeholder, columns)
    insert = SQL("INSERT INTO {} ({}) VALUES ({})")
    return insert.format(Identifier(SCHEMA, table), SQL(", ").join(names), SQL(", ").join(values))
