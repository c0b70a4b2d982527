"""All that can be done with runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from curation_api.application.batch_ledger import BatchLedger
from curation_api.application.books import Books
from curation_api.application.ledger import Ledger
from curation_api.application.ports import Candidates, Clock, Figures, Fleet, Pipelines, Runs
from curation_api.application.runs.approve_step import ApproveStepHandler
from curation_api.application.runs.change_run import ChangeRunHandler
from curation_api.application.runs.choose_winner import ChooseWinnerHandler
from curation_api.application.runs.clear_winner import ClearWinnerHandler
from curation_api.application.runs.complete_run import CompleteRunHandler
from curation_api.application.runs.estimate_run import EstimateRun
from curation_api.application.runs.pause_run import PauseRunHandler
from curation_api.application.runs.preview_gates import PreviewGatesHandler
from curation_api.application.runs.resume_run import ResumeRunHandler
from curation_api.application.runs.resume_step import ResumeStepHandler
from curation_api.application.runs.show_dashboard import ShowDashboard
from curation_api.application.runs.show_runs import ShowRuns
from curation_api.application.runs.start_matrix import StartMatrixHandler
from curation_api.application.runs.start_run import StartRunHandler
from curation_api.application.runs.starting import Starting


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUseCases:
    start: StartRunHandler
    start_matrix: StartMatrixHandler
    change: ChangeRunHandler
    pause: PauseRunHandler
    resume: ResumeRunHandler
    complete: CompleteRunHandler
    approve_step: ApproveStepHandler
    resume_step: ResumeStepHandler
    choose_winner: ChooseWinnerHandler
    clear_winner: ClearWinnerHandler
    show: ShowRuns
    dashboard: ShowDashboard
    preview_gates: PreviewGatesHandler

    @classmethod
    def over(
        cls,
        books: Books,
        *,
        pipelines: Pipelines,
        runs: Runs,
        candidates: Candidates,
        figures: Figures,
        fleet: Fleet,
        clock: Clock,
        suggested_k: int,
        read_wait_seconds: float,
    ) -> Self:
        ledger = Ledger(books)
        show = ShowRuns(runs, clock, EstimateRun(runs, fleet))
        starting = Starting(books.log, books.projection, pipelines, read_wait_seconds=read_wait_seconds)
        return cls(
            start=StartRunHandler(ledger, starting, runs, clock),
            start_matrix=StartMatrixHandler(BatchLedger(books), starting, runs, clock),
            change=ChangeRunHandler(ledger, runs),
            pause=PauseRunHandler(ledger, runs),
            resume=ResumeRunHandler(ledger, runs),
            complete=CompleteRunHandler(ledger, runs),
            approve_step=ApproveStepHandler(ledger, runs),
            resume_step=ResumeStepHandler(ledger, runs),
            choose_winner=ChooseWinnerHandler(ledger, runs, candidates),
            clear_winner=ClearWinnerHandler(ledger, runs),
            show=show,
            dashboard=ShowDashboard(show, figures, fleet, clock),
            preview_gates=PreviewGatesHandler(runs, suggested_k),
        )
