"""What hangs together in a tree: who is live, and the counts that depend on it (CNT, KILL-5, KILL-7).

A job is *promising* while it is open and its parent, if any, is live (DEF-3).
"""

from __future__ import annotations

from datetime import datetime

from carnival.contracts.ids import CandidateId
from projector.domain.read_model import ReadModel
from projector.domain.rows import Birth, Candidate, Column, Job, Run


def open_job(model: ReadModel, run: Run, job: Job) -> None:
    """The job takes a slot of its parent (CNT-3)."""
    _count_open(model, run, job, 1)


def close_job(model: ReadModel, run: Run, job: Job) -> None:
    """The slot is free again."""
    _count_open(model, run, job, -1)


def add_candidate(
    model: ReadModel,
    run: Run,
    candidate_id: CandidateId,
    column: Column,
    parent: Candidate | None,
    birth: Birth,
    *,
    rejected: bool = False,
) -> Candidate:
    """A candidate is born: live below a live parent unless it is `rejected` at once, dead elsewhere (JOB-8)."""
    pixels = birth.image.pixel_sha256
    lives = not rejected and (parent is None or parent.live)
    candidate = Candidate(
        candidate_id=candidate_id,
        column=column,
        index=len(column.members),
        parent=parent,
        root_id=candidate_id if parent is None else parent.root_id,
        depth=0 if parent is None else parent.depth + 1,
        rejected=rejected,
        live=lives,
        same_as=column.pictures.get(pixels) if pixels else None,
        down_since=None if lives else birth.created_at,
        birth=birth,
    )
    if pixels:
        column.pictures.setdefault(pixels, candidate_id)
    run.candidates[candidate_id] = candidate
    column.members.append(candidate)
    if parent is not None:
        parent.offspring.append(candidate)
    _count_state(column, candidate, 1)
    if candidate.live:
        _count_live(run, candidate, 1)
    _touch(model, candidate)
    return candidate


def reject(model: ReadModel, run: Run, candidate: Candidate, at: datetime) -> None:
    """Its whole branch is dead from here on; what lies below keeps its own status (KILL-5)."""
    _count_state(candidate.column, candidate, -1)
    candidate.rejected = True
    if candidate.live:
        _turn(run, candidate, at, live=False)
        _turn_branch(model, run, candidate, at, live=False)
    _count_state(candidate.column, candidate, 1)
    _touch(model, candidate)


def restore(model: ReadModel, run: Run, candidate: Candidate, at: datetime) -> None:
    """It lives again if its parent does, and with it everything that was dead only because of it (KILL-7)."""
    _count_state(candidate.column, candidate, -1)
    candidate.rejected = False
    if candidate.parent is None or candidate.parent.live:
        _turn(run, candidate, at, live=True)
        _turn_branch(model, run, candidate, at, live=True)
    _count_state(candidate.column, candidate, 1)
    _touch(model, candidate)


def _turn_branch(model: ReadModel, run: Run, top: Candidate, at: datetime, *, live: bool) -> None:
    """Everything below `top` turns with it, except branches that hang on a rejection of their own."""
    waiting = [*top.offspring]
    while waiting:
        candidate = waiting.pop()
        if candidate.rejected:
            continue
        _count_state(candidate.column, candidate, -1)
        _turn(run, candidate, at, live=live)
        _count_state(candidate.column, candidate, 1)
        _touch(model, candidate)
        waiting.extend(candidate.offspring)


def _turn(run: Run, candidate: Candidate, at: datetime, *, live: bool) -> None:
    candidate.live = live
    candidate.down_since = None if live else at
    _count_live(run, candidate, 1 if live else -1)


def _count_live(run: Run, candidate: Candidate, by: int) -> None:
    """What counts live candidates only: the parent's children, the run's finals, promising jobs."""
    if candidate.parent is not None:
        candidate.parent.live_children += by
    if candidate.column.is_final:
        run.live_finals += by
    run.open_live_jobs += by * candidate.open_jobs


def _count_state(column: Column, candidate: Candidate, by: int) -> None:
    if candidate.rejected:
        column.rejected += by
    elif candidate.live:
        column.live += by
    else:
        column.dead += by


def _count_open(model: ReadModel, run: Run, job: Job, by: int) -> None:
    run.open_jobs += by
    job.column.open_jobs += by
    model.changes.columns[job.column] = None
    if job.parent is None or job.parent.live:
        run.open_live_jobs += by
    if job.parent is not None:
        job.parent.open_jobs += by
        model.changes.candidates[job.parent] = None


def _touch(model: ReadModel, candidate: Candidate) -> None:
    model.changes.candidates[candidate] = None
    model.changes.columns[candidate.column] = None
    if candidate.parent is not None:
        model.changes.candidates[candidate.parent] = None
