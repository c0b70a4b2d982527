"""Rows of Postgres back into linked rows of the fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from carnival.contracts.ids import CandidateId, RunId
from carnival.contracts.rating import Comparison, RatingChoice
from carnival.contracts.run import Ceilings, Raffle, RunPolicy
from carnival.contracts.vote import Outcome
from carnival.postgres import load_sql
from projector.application.ports import Needs
from projector.domain.rating import FIRST
from projector.domain.read_model import Promotion, ReadModel, Rescoring
from projector.domain.rows import Candidate, Column, Job, JobState, PipelineVersion, Run, RunStatus, Vote, link_columns

Connection = AsyncConnection[TupleRow]

VOTES_AT_ONCE: Final = 5_000
OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}
"""By what a row says; looked up, because `Outcome` itself takes several times as long for each of a million votes."""

_PACKAGE = "projector.adapters"


async def load(connection: Connection, needs: Needs, model: ReadModel) -> None:
    """Add to `model` what `needs` names and the tables hold."""
    if needs.pipelines:
        await _load_pipelines(connection, needs, model)
    if needs.votes:
        for row in await _rows(connection, "load_votes", list(needs.votes)):
            model.votes[row[0]] = _vote(*row)
    if needs.rescorings:
        for *row, comparison in await _rows(connection, "load_rescorings", list(needs.rescorings)):
            model.rescorings[row[0]] = Rescoring(*row)
            model.rescorings[row[0]].comparison = comparison and Comparison.model_validate(comparison)
    if needs.promotion:
        model.promotion = await load_promotion(connection)
    if needs.runs:
        await _load_runs(connection, list(needs.runs), model)


async def load_promotion(connection: Connection) -> Promotion:
    """The rating system in force."""
    row = await (await connection.execute(load_sql(_PACKAGE, "load_promotion"), prepare=True)).fetchone()
    return FIRST if row is None else Promotion(*row)


async def _load_pipelines(connection: Connection, needs: Needs, model: ReadModel) -> None:
    for pipeline_id, version, orders in await _rows(connection, "load_pipelines", list(needs.pipelines)):
        known = model.pipelines.setdefault(pipeline_id, {})
        known[version] = PipelineVersion(pipeline_id, version, tuple(orders))


async def _load_runs(connection: Connection, run_ids: list[RunId], model: ReadModel) -> None:
    runs = {row[0]: _run(row) for row in await _rows(connection, "load_runs", run_ids)}
    if not runs:
        return
    known = list(runs)
    for row in await _rows(connection, "load_run_steps", known):
        runs[row[0]].columns[row[1]] = Column(row[0], row[1], is_final=False, **_column_fields(row))
    for run in runs.values():
        _link(run)
    for row in await _rows(connection, "load_candidates", known):
        _add_candidate(runs[row[0]], row)
    for row in await _rows(connection, "load_jobs", known):
        _add_job(runs[row[0]], row)
    await _load_ballots(connection, runs)
    model.runs.update(runs)


async def _load_ballots(connection: Connection, runs: Mapping[RunId, Run]) -> None:
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(load_sql(_PACKAGE, "load_ballots"), (list(runs),), prepare=True)
        while rows := await cursor.fetchmany(VOTES_AT_ONCE):
            for row in rows:
                _add_ballot(runs[row[0]], row)
    for row in await _rows(connection, "load_guest_votes", list(runs)):
        vote = _vote(*row)
        runs[vote.run_id].guest_votes[vote.vote_id] = vote


def _run(row: Sequence[Any]) -> Run:
    run_id, profile, name, n, t, images, gpu_seconds, deadline, last_position, status, *rest = row
    run = Run(
        run_id=run_id,
        gated=profile == "gated",
        name=name,
        n=n,
        t=t,
        ceilings=Ceilings(images=images, gpu_seconds=gpu_seconds, deadline=deadline),
        last_position=last_position,
        status=RunStatus(status),
    )
    names = (
        "paused",
        "pause_reason",
        "last_job_number",
        "open_jobs",
        "open_live_jobs",
        "live_finals",
        "images",
        "votes",
        "gpu_seconds",
        "winner_id",
        "rating",
        "served_position",
        "policy",
        "raffle",
    )
    for field, value in zip(names, rest, strict=True):
        setattr(run, field, value)
    run.rating = run.rating and RatingChoice.model_validate(run.rating)
    run.policy = run.policy and RunPolicy(run.policy)
    run.raffle = Raffle.model_validate(run.raffle)
    return run


def _column_fields(row: Sequence[Any]) -> dict[str, Any]:
    names = (
        "approved_k",
        "approved_position",
        "paused",
        "pause_reason",
        "consecutive_failures",
        "last_failure_class",
        "last_failure_code",
        "last_failure_message",
        "outage_at_job",
        "live",
        "rejected",
        "dead",
        "open_jobs",
    )
    return {"written": True, **dict(zip(names, row[2:], strict=True))}


def _link(run: Run) -> None:
    """`following`, `is_final` and `first` as when the run started."""
    for order, pattern in link_columns(run.run_id, tuple(run.columns)).items():
        column = run.columns[order]
        column.is_final = pattern.is_final
        column.following = run.columns[pattern.following.order] if pattern.following else None
    run.first = next(iter(run.columns.values()), None)


def _add_candidate(run: Run, row: Sequence[Any]) -> None:
    _, candidate_id, order, parent_id, root_id, depth, status, live, reason, note, walk, rating, *counts = row
    votes, both_bad, failures, live_children, open_jobs, discarded, down_since, pixels, same_as = counts
    column = run.columns[order]
    parent = run.candidates[parent_id] if parent_id else None
    candidate = Candidate(
        candidate_id=CandidateId(candidate_id),
        column=column,
        index=len(column.members),
        parent=parent,
        root_id=root_id,
        depth=depth,
        rejected=status == "rejected",
        live=live,
        reject_reason=reason,
        reject_note=note,
        reject_walk=walk,
        rating=rating,
        votes=votes,
        both_bad=both_bad,
        failures=failures,
        live_children=live_children,
        open_jobs=open_jobs,
        discarded=discarded,
        same_as=same_as,
        down_since=down_since,
    )
    if pixels:
        column.pictures.setdefault(pixels, candidate.candidate_id)
    run.candidates[candidate.candidate_id] = candidate
    column.members.append(candidate)
    if parent is not None:
        parent.offspring.append(candidate)


def _add_job(run: Run, row: Sequence[Any]) -> None:
    run_id, job_id, number, seed, order, parent_id, state, gateway, node, prompt_id, attempt, *rest = row
    failure_class, failure_code, message, cancel_reason, candidate_id, gpu_seconds, submitted_at, ended_at = rest
    run.jobs[job_id] = Job(
        job_id=job_id,
        run_id=run_id,
        number=number,
        seed=int(seed),
        column=run.columns[order],
        parent=run.candidates[parent_id] if parent_id else None,
        state=JobState(state),
        gateway=gateway,
        node=node,
        prompt_id=prompt_id,
        attempt=attempt,
        failure_class=failure_class,
        failure_code=failure_code,
        message=message,
        cancel_reason=cancel_reason,
        candidate_id=candidate_id,
        gpu_seconds=gpu_seconds,
        submitted_at=submitted_at,
        ended_at=ended_at,
    )


def _vote(*row: Any) -> Vote:
    vote_id, run_id, order, voter, position, retracted, guest_link, merged = row
    return Vote(
        vote_id=vote_id,
        run_id=run_id,
        step_order=order,
        voter=voter,
        position=position,
        retracted=retracted,
        guest_link=guest_link,
        merged=merged,
    )


def _add_ballot(run: Run, row: Sequence[Any]) -> None:
    _, position, voter, left_id, right_id, outcome, retracted, apart = row
    left, right = run.candidates[left_id], run.candidates[right_id]
    left.column.ballots.add(
        position, voter, left.index, right.index, OUTCOMES[outcome], retracted=retracted, apart=apart
    )


async def _rows(connection: Connection, name: str, keys: Sequence[str]) -> list[TupleRow]:
    cursor = await connection.execute(load_sql(_PACKAGE, name), (list(keys),), prepare=True)
    return await cursor.fetchall()
