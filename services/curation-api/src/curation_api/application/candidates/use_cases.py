"""All that can be done with candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from curation_api.application.batch_ledger import BatchLedger
from curation_api.application.books import Books
from curation_api.application.candidates.judge_candidates import JudgeCandidatesHandler
from curation_api.application.candidates.kill_walk import KillWalkHandler, Walks
from curation_api.application.candidates.reject_candidate import RejectCandidateHandler
from curation_api.application.candidates.restore_candidate import RestoreCandidateHandler
from curation_api.application.candidates.walk_left import WalkLeftHandler
from curation_api.application.ledger import Ledger
from curation_api.application.ports import Candidates


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateUseCases:
    reject: RejectCandidateHandler
    restore: RestoreCandidateHandler
    judge_many: JudgeCandidatesHandler
    walk_left: WalkLeftHandler
    walks: Walks
    kill_walk: KillWalkHandler

    @classmethod
    def over(cls, books: Books, candidates: Candidates) -> Self:
        ledger, batches = Ledger(books), BatchLedger(books)
        walks = Walks(books.log, books.judgements, candidates)
        return cls(
            reject=RejectCandidateHandler(ledger, candidates),
            restore=RestoreCandidateHandler(ledger, candidates),
            judge_many=JudgeCandidatesHandler(batches, candidates),
            walk_left=WalkLeftHandler(candidates),
            walks=walks,
            kill_walk=KillWalkHandler(ledger, batches, walks, candidates),
        )
