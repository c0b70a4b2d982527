"""Everything that reads Postgres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from curation_api.adapters.read_model.analytics import PostgresAnalytics
from curation_api.adapters.read_model.candidates import PostgresCandidates
from curation_api.adapters.read_model.exports import PostgresExports
from curation_api.adapters.read_model.judgements import PostgresJudgements
from curation_api.adapters.read_model.monitoring import PostgresMonitoring
from curation_api.adapters.read_model.pipelines import PostgresPipelines
from curation_api.adapters.read_model.reading import Pool
from curation_api.adapters.read_model.rescorings import PostgresRescorings
from curation_api.adapters.read_model.runs import PostgresRuns
from curation_api.adapters.read_model.votes import PostgresVotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    pipelines: PostgresPipelines
    runs: PostgresRuns
    candidates: PostgresCandidates
    votes: PostgresVotes
    exports: PostgresExports
    rescorings: PostgresRescorings
    monitoring: PostgresMonitoring
    analytics: PostgresAnalytics
    judgements: PostgresJudgements

    @classmethod
    def over(cls, pool: Pool, keyed: Pool) -> Self:
        """`keyed` is a pool for questions about single rows by their keys."""
        return cls(
            pipelines=PostgresPipelines(pool),
            runs=PostgresRuns(pool),
            candidates=PostgresCandidates(pool),
            votes=PostgresVotes(pool, keyed),
            exports=PostgresExports(pool),
            rescorings=PostgresRescorings(pool),
            monitoring=PostgresMonitoring(pool),
            analytics=PostgresAnalytics(pool),
            judgements=PostgresJudgements(keyed),
        )
