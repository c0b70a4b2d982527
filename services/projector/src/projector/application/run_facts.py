"""A folded run as the facts that travel: the same values that the live projection writes as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TypeVar

from carnival.contracts.ids import CandidateId, Position
from carnival.contracts.past import CandidateFacts, ColumnFacts, OpenJobFacts, RunAt, RunAtAsked, RunFacts, VoteFacts
from carnival.contracts.run import Profile
from projector.domain.rows import BEFORE_ALL, Candidate, Column, Job, Run, Vote


class Faded(AssertionError):
    """A row whose birth was forgotten: histories keep births."""


F = TypeVar("F", CandidateFacts, VoteFacts)


def run_at(run: Run, votes: Iterator[Vote], asked: RunAtAsked, touched: Mapping[CandidateId, Position]) -> RunAt:
    """The answer to `asked`, of a run whose births are all still known, and the votes that stand in it behind
    `asked.after`.

    `touched`: where each candidate was last touched.
    """
    candidates, next_candidate = _page(map(_candidate_facts, _wanted(run, asked, touched)), asked.candidates_max)
    stood, next_vote = _page(map(_vote_facts, votes), asked.votes_max)
    return RunAt(
        position=asked.position,
        run=_run_facts(run),
        columns=tuple(_column_facts(column) for column in run.columns.values()),
        open_jobs=tuple(_open_job_facts(job) for job in run.jobs.values() if job.state.is_open),
        candidates=candidates,
        votes=stood,
        next=next_candidate or next_vote,
    )


def _page(items: Iterator[F], size: int) -> tuple[tuple[F, ...], Position | None]:
    """The first items, and the position of the last one if there are more."""
    found = tuple(islice(items, size))
    more = found and next(items, None) is not None
    return found, found[-1].position if more else None


def _wanted(run: Run, asked: RunAtAsked, touched: Mapping[CandidateId, Position]) -> Iterator[Candidate]:
    """`run.candidates` stand in the order of their creation."""
    for candidate in run.candidates.values():
        if asked.since is not None and touched[candidate.candidate_id] <= asked.since:
            continue
        if asked.step_order in {None, candidate.column.order} and _born(candidate) > asked.after:
            yield candidate


def _born(candidate: Candidate) -> int:
    if candidate.birth is None:
        raise Faded(candidate.candidate_id)
    return candidate.birth.position


def _run_facts(run: Run) -> RunFacts:
    return RunFacts(
        run_id=run.run_id,
        name=run.name,
        profile=Profile.GATED if run.gated else Profile.AUTONOMOUS,
        status=run.status.value,
        paused=run.paused,
        pause_reason=run.pause_reason,
        n=run.n,
        t=run.t,
        ceilings=run.ceilings,
        last_job_number=run.last_job_number,
        open_jobs=run.open_jobs,
        open_live_jobs=run.open_live_jobs,
        live_finals=run.live_finals,
        images=run.images,
        votes=run.votes,
        gpu_seconds=run.gpu_seconds,
        winner_id=run.winner_id,
        rating=run.rating,
        policy=run.policy,
        raffle=run.raffle,
        created_position=run.started.position if run.started else BEFORE_ALL,
        last_position=run.last_position,
        served_position=run.served_position,
    )


def _column_facts(column: Column) -> ColumnFacts:
    return ColumnFacts(
        step_order=column.order,
        approved_k=column.approved_k,
        approved_position=column.approved_position,
        paused=column.paused,
        pause_reason=column.pause_reason,
        consecutive_failures=column.consecutive_failures,
        last_failure_class=column.last_failure_class,
        last_failure_code=column.last_failure_code,
        last_failure_message=column.last_failure_message,
        live=column.live,
        rejected=column.rejected,
        dead=column.dead,
        open_jobs=column.open_jobs,
    )


def _candidate_facts(candidate: Candidate) -> CandidateFacts:
    if candidate.birth is None:
        raise Faded(candidate.candidate_id)
    birth = candidate.birth
    image = birth.image
    return CandidateFacts(
        candidate_id=candidate.candidate_id,
        step_order=candidate.column.order,
        is_final=candidate.column.is_final,
        parent_id=candidate.parent.candidate_id if candidate.parent else None,
        root_id=candidate.root_id,
        depth=candidate.depth,
        job_id=birth.job_id,
        job_number=birth.job_number,
        status="rejected" if candidate.rejected else "active",
        live=candidate.live,
        reject_reason=candidate.reject_reason,
        reject_note=candidate.reject_note,
        reject_walk=candidate.reject_walk,
        rating=candidate.rating,
        votes=candidate.votes,
        both_bad=candidate.both_bad,
        failures=candidate.failures,
        children=len(candidate.offspring),
        live_children=candidate.live_children,
        open_jobs=candidate.open_jobs,
        place=image.place,
        sha256=image.sha256,
        pixel_sha256=image.pixel_sha256,
        same_as=candidate.same_as,
        size_bytes=image.size_bytes,
        width=image.width,
        height=image.height,
        media_type=image.media_type,
        discarded=candidate.discarded,
        down_since=candidate.down_since,
        seed=birth.seed,
        node=birth.node,
        gpu_seconds=birth.gpu_seconds,
        created_at=birth.created_at,
        position=birth.position,
        source_id=birth.source_id,
    )


def _vote_facts(vote: Vote) -> VoteFacts:
    cast = vote.cast
    if cast is None:
        raise Faded(vote.vote_id)
    return VoteFacts(
        vote_id=vote.vote_id,
        step_order=vote.step_order,
        voter=vote.voter,
        left_id=cast.left_id,
        right_id=cast.right_id,
        outcome=cast.outcome,
        milliseconds=cast.milliseconds,
        cast_at=cast.cast_at,
        position=vote.position,
    )


def _open_job_facts(job: Job) -> OpenJobFacts:
    if job.requested is None:
        raise Faded(job.job_id)
    event = job.requested.event
    return OpenJobFacts(
        job_id=job.job_id,
        number=job.number,
        step_order=job.column.order,
        parent_id=job.parent.candidate_id if job.parent else None,
        pool=event.pool,
        state=job.state.value,
        seed=job.seed,
        mode=event.decision.mode.value,
        gateway=job.gateway,
        node=job.node,
        prompt_id=job.prompt_id,
        attempt=job.attempt,
        requested_at=job.requested.meta.time,
        submitted_at=job.submitted_at,
        position=job.requested.position,
    )
