"""What a batch of entries needs in memory."""

from __future__ import annotations

from collections.abc import Sequence

from carnival.contracts.envelope import Event, LogEntry, Undecodable
from carnival.contracts.pipeline import PipelineDefined
from carnival.contracts.rating import RatingSystemPromoted, RescoringDropped, RescoringFinished, RescoringRequested
from carnival.contracts.run import RunStarted
from carnival.contracts.subjects import run_of
from carnival.contracts.vote import VoteCast, VoteRetracted
from projector.application.ports import Needs
from projector.domain.fold import is_in_run
from projector.domain.read_model import ReadModel


def needs_of(entries: Sequence[LogEntry], model: ReadModel) -> Needs:
    """Keys of everything the fold looks up and `model` lacks.

    Used vote ids are looked up only for an entry on its own: they clash so rarely that a batch rather fails, is split
    until the clash is alone, and gets its verdict then.
    """
    needs, alone = Needs(promotion=model.promotion is None), len(entries) == 1
    for entry in entries:
        if isinstance(entry, Undecodable):
            if run_id := run_of(entry.subject):
                needs.runs.add(run_id)
        elif is_in_run(event := entry.event):
            needs.runs.add(event.run_id)
            if type(event) is VoteRetracted or (alone and type(event) is VoteCast):
                needs.votes.add(event.vote_id)
        else:
            _add_outside_runs(needs, event)
    needs.runs.difference_update(model.runs)
    needs.pipelines.difference_update(model.pipelines)
    needs.votes.difference_update(model.votes)
    needs.rescorings.difference_update(model.rescorings)
    return needs


def _add_outside_runs(needs: Needs, event: Event) -> None:
    match event:
        case RunStarted():
            needs.runs.add(event.run_id)
            needs.pipelines.add(event.pipeline_id)
        case PipelineDefined():
            needs.pipelines.add(event.pipeline_id)
        case RescoringRequested() | RescoringFinished() | RescoringDropped() | RatingSystemPromoted():
            needs.rescorings.add(event.rescoring_id)
        case _:
            pass
