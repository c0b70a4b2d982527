"""What the routes are built on: use cases and readers, made by main."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carnival.fleet import Fleet
from carnival.health import Check
from carnival.images.port import ImageStore
from carnival.log.port import EventLog
from curation_api.adapters.change_feed import ChangeFeed
from curation_api.adapters.http.credentials import Credentials
from curation_api.adapters.http.parameters import AtLeast
from curation_api.adapters.preview_board import PreviewBoard
from curation_api.adapters.progress_watch import ProgressWatch
from curation_api.adapters.read_model.candidates import PostgresCandidates
from curation_api.adapters.read_model.monitoring import PostgresMonitoring
from curation_api.adapters.read_model.pipelines import PostgresPipelines
from curation_api.adapters.read_model.rescorings import PostgresRescorings
from curation_api.adapters.read_model.runs import PostgresRuns
from curation_api.adapters.read_model.votes import PostgresVotes
from curation_api.adapters.selector_request import SelectorRequest
from curation_api.adapters.sign_in_codes import SignInCodes
from curation_api.adapters.work_board import WorkBoard
from curation_api.application.approve_step import ApproveStepHandler
from curation_api.application.cast_vote import CastVoteHandler
from curation_api.application.change_run import ChangeRunHandler
from curation_api.application.check_steps import CheckSteps
from curation_api.application.choose_winner import ChooseWinnerHandler
from curation_api.application.clear_winner import ClearWinnerHandler
from curation_api.application.complete_run import CompleteRunHandler
from curation_api.application.define_pipeline import DefinePipelineHandler
from curation_api.application.discard_images import DiscardImagesHandler
from curation_api.application.explain_job import ExplainJobHandler
from curation_api.application.export_images import ExportImagesHandler
from curation_api.application.export_preferences import ExportPreferencesHandler
from curation_api.application.issue_token import IssueTokenHandler
from curation_api.application.judge_candidates import JudgeCandidatesHandler
from curation_api.application.kill_walk import KillWalkHandler, Walks
from curation_api.application.offer_pair import OfferPairHandler
from curation_api.application.pause_run import PauseRunHandler
from curation_api.application.ports import Clock, Projection
from curation_api.application.preview_gates import PreviewGatesHandler
from curation_api.application.reject_candidate import RejectCandidateHandler
from curation_api.application.rescore import RescoreHandler
from curation_api.application.restore_candidate import RestoreCandidateHandler
from curation_api.application.resume_run import ResumeRunHandler
from curation_api.application.resume_step import ResumeStepHandler
from curation_api.application.retract_vote import RetractVoteHandler
from curation_api.application.retract_votes import RetractVotesHandler
from curation_api.application.revoke_token import RevokeTokenHandler
from curation_api.application.show_image import ShowImage
from curation_api.application.show_runs import ShowRuns
from curation_api.application.skip_pair import SkipPairHandler
from curation_api.application.start_run import StartRunHandler
from curation_api.application.walk_left import WalkLeftHandler
from curation_api.domain.access.register import Register
from curation_api.domain.access.service_key import ServiceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """The use cases that write."""

    define_pipeline: DefinePipelineHandler
    start_run: StartRunHandler
    change_run: ChangeRunHandler
    pause_run: PauseRunHandler
    resume_run: ResumeRunHandler
    complete_run: CompleteRunHandler
    approve_step: ApproveStepHandler
    resume_step: ResumeStepHandler
    choose_winner: ChooseWinnerHandler
    clear_winner: ClearWinnerHandler
    reject_candidate: RejectCandidateHandler
    restore_candidate: RestoreCandidateHandler
    judge_candidates: JudgeCandidatesHandler
    discard_images: DiscardImagesHandler
    kill_walk: KillWalkHandler
    cast_vote: CastVoteHandler
    skip_pair: SkipPairHandler
    retract_vote: RetractVoteHandler
    retract_votes: RetractVotesHandler
    rescore: RescoreHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """The use cases that only look, and the readers."""

    show_runs: ShowRuns
    check_steps: CheckSteps
    preview_gates: PreviewGatesHandler
    offer_pair: OfferPairHandler
    walk_left: WalkLeftHandler
    export_preferences: ExportPreferencesHandler
    export_images: ExportImagesHandler
    walks: Walks
    explain_job: ExplainJobHandler
    pipelines: PostgresPipelines
    runs: PostgresRuns
    candidates: PostgresCandidates
    votes: PostgresVotes
    monitoring: PostgresMonitoring
    rescorings: PostgresRescorings


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may do what."""

    credentials: Credentials
    register: Register
    sign_in_codes: SignInCodes
    key: ServiceKey
    clock: Clock
    issue_token: IssueTokenHandler
    revoke_token: RevokeTokenHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a new run gets by default, and what a request may cost."""

    n: int
    t: int
    body_max_bytes: int
    change_streams_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    commands: Commands
    queries: Queries
    access: Access
    log: EventLog
    images: ImageStore
    show_image: ShowImage
    projection: Projection
    at_least: AtLeast
    changes: ChangeFeed
    fleet: Fleet
    progress: ProgressWatch
    previews: PreviewBoard
    work: WorkBoard
    selector: SelectorRequest
    limits: Limits
    checks: Mapping[str, Check]
