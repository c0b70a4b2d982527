"""All that can be done with pipelines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from curation_api.application.books import Books
from curation_api.application.ledger import Ledger
from curation_api.application.pipelines.check_steps import CheckSteps
from curation_api.application.pipelines.define_pipeline import DefinePipelineHandler
from curation_api.application.ports import Fleet


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineUseCases:
    define: DefinePipelineHandler
    check_steps: CheckSteps

    @classmethod
    def over(cls, books: Books, fleet: Fleet) -> Self:
        return cls(define=DefinePipelineHandler(books.log, Ledger(books)), check_steps=CheckSteps(fleet))
