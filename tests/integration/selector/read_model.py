"""Rows of the read model, written straight into the tables: what the projector would have made of a log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, LiteralString, Self

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from carnival.postgres import LIVE_SCHEMA

NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class ReadModelRows:
    """Inserts and updates; every call commits."""

    def __init__(self, url: str) -> None:
        self._session = psycopg.connect(url, autocommit=True, options=f"-c search_path={LIVE_SCHEMA}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def pipeline(self, *caps: int | None, pipeline_id: str = "p1", pool: str = "default") -> None:
        """A pipeline with one step for each cap."""
        for order, cap in enumerate(caps, 1):
            self.insert(
                "steps", STEP | {"pipeline_id": pipeline_id, "step_order": order, "child_cap": cap, "pool": pool}
            )

    def run(self, run_id: str = "r1", *, steps: int = 3, **fields: Any) -> None:
        """A run of pipeline `p1`, with an empty column for each step."""
        self.insert("runs", RUN | {"run_id": run_id, "folder": run_id} | fields)
        for order in range(1, steps + 1):
            self.insert("run_steps", COLUMN | {"run_id": run_id, "step_order": order})

    def candidate(self, candidate_id: str, step_order: int = 1, **fields: Any) -> None:
        named = {"candidate_id": candidate_id, "root_id": candidate_id, "job_id": f"job-of-{candidate_id}"}
        self.insert("candidates", CANDIDATE | named | {"step_order": step_order} | fields)

    def job(self, number: int, **fields: Any) -> None:
        self.insert("jobs", JOB | {"job_id": f"j{number}", "number": number} | fields)

    def position(self, position: int) -> None:
        self._session.execute("UPDATE checkpoint SET position = %s", (position,))

    def update(self, table: str, where: Mapping[str, Any], **fields: Any) -> None:
        statement = sql.SQL("UPDATE {} SET {} WHERE {}").format(
            sql.Identifier(table), _assignments(fields, ", "), _assignments(where, " AND ")
        )
        self._session.execute(statement)

    def insert(self, table: str, row: Mapping[str, Any]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, row))
        values = sql.SQL(", ").join(sql.Placeholder() for _ in row)
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(sql.Identifier(table), names, values)
        self._session.execute(statement, list(row.values()))


def _assignments(fields: Mapping[str, Any], between: LiteralString) -> sql.Composed:
    parts = [sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in fields.items()]
    return sql.SQL(between).join(parts)


STEP: dict[str, Any] = {
    "pipeline_id": "p1",
    "version": 1,
    "name": "Step",
    "slug": "step",
    "pool": "default",
    "needs_prompt": False,
    "needs_parent": False,
    "needs_variables": False,
    "child_cap": None,
    "result_node": None,
    "template": "{}",
}
RUN: dict[str, Any] = {
    "pipeline_id": "p1",
    "pipeline_version": 1,
    "name": "Gym Shoot",
    "prompt": "a gym",
    "variables": Jsonb({"prompt": "a gym"}),
    "profile": "autonomous",
    "status": "pending",
    "paused": False,
    "pause_reason": "",
    "n": 5,
    "t": 10,
    "ceiling_images": None,
    "ceiling_gpu_seconds": None,
    "ceiling_deadline": None,
    "last_job_number": 0,
    "open_jobs": 0,
    "open_live_jobs": 0,
    "live_finals": 0,
    "images": 0,
    "votes": 0,
    "gpu_seconds": 0.0,
    "winner_id": None,
    "created_at": NOON,
    "created_position": 2,
    "last_position": 2,
    "served_position": 0,
    "policy": None,
    "raffle": Jsonb({"weights": "linear", "temperature": 100.0}),
}
COLUMN: dict[str, Any] = {
    "approved_k": None,
    "approved_position": None,
    "paused": False,
    "pause_reason": "",
    "consecutive_failures": 0,
    "last_failure_class": None,
    "last_failure_code": None,
    "last_failure_message": None,
    "outage_at_job": 0,
    "live": 0,
    "rejected": 0,
    "dead": 0,
    "open_jobs": 0,
}
CANDIDATE: dict[str, Any] = {
    "run_id": "r1",
    "is_final": False,
    "parent_id": None,
    "depth": 0,
    "job_number": 1,
    "status": "active",
    "live": True,
    "reject_reason": None,
    "reject_note": "",
    "reject_walk": None,
    "rating": 1000,
    "votes": 0,
    "both_bad": 0,
    "failures": 0,
    "children": 0,
    "live_children": 0,
    "open_jobs": 0,
    "place": "f/x.png",
    "sha256": "0" * 64,
    "size_bytes": 100,
    "width": 64,
    "height": 64,
    "media_type": "image/png",
    "discarded": False,
    "seed": 1,
    "node": "n1",
    "gpu_seconds": 0.5,
    "created_at": NOON,
    "position": 3,
}
JOB: dict[str, Any] = {
    "run_id": "r1",
    "step_order": 1,
    "parent_id": None,
    "pool": "default",
    "state": "pending",
    "seed": 1,
    "mode": "base_generation",
    "decision": Jsonb({}),
    "gateway": None,
    "node": None,
    "prompt_id": None,
    "attempt": 0,
    "failure_class": None,
    "failure_code": None,
    "message": None,
    "cancel_reason": None,
    "candidate_id": None,
    "gpu_seconds": 0.0,
    "requested_at": NOON,
    "submitted_at": None,
    "ended_at": None,
    "position": 3,
}
