"""What a batch of entries needs in memory."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.envelope import LogEntry, Recorded
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.rating import RatingSystemPromoted, RescoringDropped, RescoringFinished, RescoringRequested
from carnival.contracts.run import RunStarted
from carnival.contracts.subjects import run_of
from carnival.contracts.vote import VoteCast, VoteRetracted
from projector.application.ports import Needs
from projector.domain.fold import is_in_run
from projector.domain.read_model import Fact, ReadModel


def needs_of(entries: Sequence[LogEntry], model: ReadModel) -> Needs:
    """Keys of everything the fold looks up and `model` lacks.

    Used vote ids are looked up only for an entry on its own: they clash so rarely that a batch rather fails, is split
    until the clash is alone, and gets its verdict then.
    """
    needs, alone = Needs(promotion=model.promotion is None), len(entries) == 1
    for entry in entries:
        if isinstance(entry, Recorded):
            if alone or not _is_vote_within(model, entry):
                _add(needs, entry, alone=alone)
        elif run_id := run_of(entry.subject):
            needs.runs.add(run_id)
    needs.runs.difference_update(model.runs)
    needs.pipelines.difference_update(model.pipelines)
    needs.votes.difference_update(model.votes)
    needs.rescorings.difference_update(model.rescorings)
    return needs


def _is_vote_within(model: ReadModel, entry: Fact) -> bool:
    """Whether it is a vote on a run in memory, which asks for nothing: most events of a long log are."""
    return type(entry.event) is VoteCast and entry.event.run_id in model.runs


def _add(needs: Needs, entry: Fact, *, alone: bool) -> None:
    event = entry.event
    if is_in_run(event):
        needs.runs.add(event.run_id)
    match event:
        case VoteCast():
            if alone:
                needs.votes.add(event.vote_id)
        case VoteRetracted():
            needs.votes.add(event.vote_id)
        case RunStarted():
            needs.runs.add(event.run_id)
            needs.pipelines.add(event.pipeline_id)
        case PipelineDefined():
            needs.pipelines.add(event.pipeline_id)
        case RescoringRequested() | RescoringFinished() | RescoringDropped() | RatingSystemPromoted():
            needs.rescorings.add(event.rescoring_id)
        case _:
            pass
