"""The changes of a batch as statements, one a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import LiteralString, NamedTuple

from carnival.postgres import load_sql
from projector.adapters import row_values
from projector.adapters.literals import Row, columns_of
from projector.application.ports import Outcome

_PACKAGE = "projector.adapters"


class Statement(NamedTuple):
    """SQL and its parameters."""

    sql: LiteralString
    parameters: Sequence[str] | Mapping[str, str | int | None]


class Inserts(NamedTuple):
    """New rows of a table, all columns in the table's order."""

    table: LiteralString
    rows: list[Row]


def inserts(outcome: Outcome) -> Iterator[Inserts]:
    """Rows that are not in the store yet."""
    changes = outcome.changes
    yield Inserts("pipelines", [row_values.new_pipeline(defined) for defined in changes.pipelines])
    yield Inserts("steps", [row for defined in changes.pipelines for row in row_values.new_steps(defined)])
    yield Inserts("runs", [row_values.new_run(run) for run in changes.runs if run.started])
    yield Inserts("run_steps", [row_values.column_row(column) for column in changes.columns if not column.written])
    yield Inserts("candidates", [row_values.new_candidate(new) for new in changes.candidates if new.birth])
    yield Inserts("jobs", [row_values.new_job(job) for job in changes.jobs if job.requested])
    yield Inserts("votes", [row_values.new_vote(vote) for vote in changes.votes.values() if vote.cast])
    yield Inserts("commands", [row_values.new_command(command) for command in outcome.commands])
    yield Inserts("void_events", [row_values.new_void(void) for void in changes.voids])
    yield Inserts("parked_events", [row_values.new_parked(parked) for parked in outcome.parked])


def insert_statement(new: Inserts) -> Statement:
    return Statement(load_sql(_PACKAGE, f"insert_{new.table}"), columns_of(new.rows))


def updates(outcome: Outcome) -> Iterator[Statement]:
    """Changes of rows that are in the store."""
    changes = outcome.changes
    changed: list[tuple[str, list[Row]]] = [
        ("update_runs", [row_values.changed_run(run) for run in changes.runs if not run.started]),
        ("update_run_steps", [row_values.column_row(column) for column in changes.columns if column.written]),
        ("update_candidates", [row_values.changed_candidate(old) for old in changes.candidates if not old.birth]),
        ("update_jobs", [row_values.changed_job(job) for job in changes.jobs if not job.requested]),
        ("update_votes", [row_values.changed_vote(vote) for vote in changes.votes.values() if not vote.cast]),
        ("upsert_rescorings", [row_values.rescoring_row(rescoring) for rescoring in changes.rescorings]),
    ]
    for name, rows in changed:
        if rows:
            yield Statement(load_sql(_PACKAGE, name), columns_of(rows))
    if changes.promotion:
        yield Statement(load_sql(_PACKAGE, "replace_promotion"), row_values.promotion_values(changes.promotion))
