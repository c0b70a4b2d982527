"""A run that begins with the tree of another one, as it was at a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from pydantic import JsonValue

from carnival.contracts.adoption import AdoptedCandidate, AdoptedVote, TreeAdopted
from carnival.contracts.envelope import Event
from carnival.contracts.ids import CandidateId, RunId, VoteId, derived_id
from carnival.contracts.job import StoredImage
from carnival.contracts.past import CandidateFacts, RunAt, VoteFacts
from carnival.contracts.rating import RatingChoice
from carnival.contracts.run import Ceilings, Profile, Raffle, RunOrigin, RunPolicy, StepApproved, WinnerChosen
from curation_api.domain.folder import dated_folder
from curation_api.domain.placeholders import PROMPT
from curation_api.domain.run_start import DefinedPipeline, StartRun, run_name, start_run

CANDIDATES_AT_ONCE: Final = 400
VOTES_AT_ONCE: Final = 1500

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkRun:
    """What is to be other than at the moment of the fork; None: as it was."""

    name: str | None = None
    prompt: str | None = None
    variables: Mapping[str, JsonValue] | None = None
    folder: str | None = None
    profile: Profile | None = None
    n: int | None = None
    t: int | None = None
    ceilings: Ceilings | None = None
    rating: RatingChoice | None = None
    policy: RunPolicy | None = None
    raffle: Raffle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The run at the moment of the fork. `gone` are candidates whose files are gone by now."""

    then: RunAt
    prompt: str | None
    variables: Mapping[str, JsonValue]
    candidates: Sequence[CandidateFacts]
    votes: Sequence[VoteFacts]
    gone: Collection[CandidateId]


def fork_run(
    command: ForkRun, source: Source, pipeline: DefinedPipeline, run_id: RunId, now: datetime
) -> dict[str, Event]:
    """The events that begin the new run, by a key each: its start, its tree, its approvals and its winner.

    Raises BadText, BadFolder, BadVariable, MissingVariable, BadRatingSystem.
    """
    wanted = _start(command, source, pipeline)
    taken = {dated_folder(run_name(wanted, pipeline, now), now)}
    origin = RunOrigin(
        run_id=source.then.run.run_id,
        position=source.then.position,
        last_job_number=source.then.run.last_job_number,
    )
    started = start_run(wanted, pipeline, run_id, now, taken).model_copy(update={"origin": origin})
    events: dict[str, Event] = {"run": started}
    events |= {f"tree-{number}": part for number, part in enumerate(_tree(source, run_id))}
    if wanted.profile is Profile.GATED:
        for column in source.then.columns:
            if column.approved_k is not None:
                order = column.step_order
                events[f"approval-{order}"] = StepApproved(run_id=run_id, step_order=order, k=column.approved_k)
    winner = source.then.run.winner_id
    if winner is not None:
        events["winner"] = WinnerChosen(run_id=run_id, candidate_id=_candidate(run_id, winner))
    return events


def _start(command: ForkRun, source: Source, pipeline: DefinedPipeline) -> StartRun:
    then = source.then.run
    prompt = source.prompt if command.prompt is None else command.prompt
    variables = dict(source.variables if command.variables is None else command.variables)
    if command.prompt is not None and command.variables is None:
        variables.pop(PROMPT, None)
    return StartRun(
        pipeline_id=pipeline.pipeline_id,
        pipeline_version=pipeline.version,
        name=f"{then.name}, from {source.then.position}" if command.name is None else command.name,
        prompt=prompt,
        variables=variables,
        folder=command.folder,
        profile=then.profile if command.profile is None else command.profile,
        n=then.n if command.n is None else command.n,
        t=then.t if command.t is None else command.t,
        ceilings=then.ceilings if command.ceilings is None else command.ceilings,
        rating=then.rating if command.rating is None else command.rating,
        policy=then.policy if command.policy is None else command.policy,
        raffle=then.raffle if command.raffle is None else command.raffle,
    )


def _tree(source: Source, run_id: RunId) -> Iterator[TreeAdopted]:
    """Parts small enough for one message each: first all candidates, then all votes."""
    candidates = [_adopted(one, run_id, gone=one.candidate_id in source.gone) for one in source.candidates]
    for some in _parts(candidates, CANDIDATES_AT_ONCE):
        yield TreeAdopted(run_id=run_id, candidates=some)
    for votes in _parts([_adopted_vote(vote, run_id) for vote in source.votes], VOTES_AT_ONCE):
        yield TreeAdopted(run_id=run_id, votes=votes)


def _parts(items: Sequence[T], size: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(items), size):
        yield tuple(items[start : start + size])


def _candidate(run_id: RunId, source_id: CandidateId) -> CandidateId:
    return CandidateId(derived_id("adopted", run_id, source_id))


def _adopted(one: CandidateFacts, run_id: RunId, *, gone: bool) -> AdoptedCandidate:
    return AdoptedCandidate(
        candidate_id=_candidate(run_id, one.candidate_id),
        source_id=one.candidate_id,
        step_order=one.step_order,
        parent_id=None if one.parent_id is None else _candidate(run_id, one.parent_id),
        job_id=one.job_id,
        job_number=one.job_number,
        seed=one.seed,
        node=one.node,
        gpu_seconds=one.gpu_seconds,
        image=StoredImage(
            place=one.place,
            sha256=one.sha256,
            size_bytes=one.size_bytes,
            width=one.width,
            height=one.height,
            media_type=one.media_type,
            pixel_sha256=one.pixel_sha256,
        ),
        created_at=one.created_at,
        position=one.position,
        rejected=one.status == "rejected",
        reject_reason=one.reject_reason,
        reject_note=one.reject_note,
        failures=one.failures,
        discarded=one.discarded or gone,
        down_since=one.down_since,
    )


def _adopted_vote(vote: VoteFacts, run_id: RunId) -> AdoptedVote:
    return AdoptedVote(
        vote_id=VoteId(derived_id("adopted", run_id, vote.vote_id)),
        step_order=vote.step_order,
        voter=vote.voter,
        left_id=_candidate(run_id, vote.left_id),
        right_id=_candidate(run_id, vote.right_id),
        outcome=vote.outcome,
        milliseconds=vote.milliseconds,
        cast_at=vote.cast_at,
        position=vote.position,
    )
