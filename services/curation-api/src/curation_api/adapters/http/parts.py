"""What the routes are built on: use cases by subject, readers, and what is heard live. Made by the wiring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carnival.contracts.drain import Drains
from carnival.fleet import Fleet
from carnival.health import Check
from carnival.images.port import ImageStore
from carnival.log.port import EventLog
from curation_api.adapters.change_feed import ChangeFeed
from curation_api.adapters.http.credentials import Credentials
from curation_api.adapters.http.parameters import AtLeast
from curation_api.adapters.http.rate_limits import RateLimits
from curation_api.adapters.notice_feed import NoticeFeed
from curation_api.adapters.oidc_client import OidcClient
from curation_api.adapters.preview_board import PreviewBoard
from curation_api.adapters.progress_watch import ProgressWatch
from curation_api.adapters.read_model.readers import Readers
from curation_api.adapters.selector_request import SelectorRequest
from curation_api.adapters.sign_in_codes import SignInCodes
from curation_api.adapters.webhook_backlog import WebhookBacklog
from curation_api.adapters.webhook_sender import WebhookSender
from curation_api.adapters.work_board import WorkBoard
from curation_api.application.access.invite_guests import InviteGuestsHandler
from curation_api.application.access.issue_token import IssueTokenHandler
from curation_api.application.access.revoke_token import RevokeTokenHandler
from curation_api.application.access.webhooks import WebhookHandler
from curation_api.application.candidates.use_cases import CandidateUseCases
from curation_api.application.exports.export_images import ExportImagesHandler
from curation_api.application.exports.export_preferences import ExportPreferencesHandler
from curation_api.application.fleet.drain import DrainHandler
from curation_api.application.fleet.show_fleet import ShowFleet
from curation_api.application.images.discard_images import DiscardImagesHandler
from curation_api.application.images.show_image import ShowImage
from curation_api.application.pipelines.use_cases import PipelineUseCases
from curation_api.application.ports import Clock, Projection
from curation_api.application.ratings.rescore import RescoreHandler
from curation_api.application.replay.ask_what_if import AskWhatIfHandler
from curation_api.application.replay.fork_run import ForkRunHandler
from curation_api.application.replay.look_back import LookBackHandler
from curation_api.application.runs.explain_job import ExplainJobHandler
from curation_api.application.runs.use_cases import RunUseCases
from curation_api.application.votes.use_cases import VoteUseCases
from curation_api.domain.access.register import Register
from curation_api.domain.access.service_key import ServiceKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """The bytes of candidates."""

    store: ImageStore
    show: ShowImage
    discard: DiscardImagesHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    preferences: ExportPreferencesHandler
    images: ExportImagesHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may do what."""

    credentials: Credentials
    register: Register
    sign_in_codes: SignInCodes
    rate_limits: RateLimits
    key: ServiceKey
    clock: Clock
    issue_token: IssueTokenHandler
    revoke_token: RevokeTokenHandler
    guests: InviteGuestsHandler
    webhooks: WebhookHandler
    webhook_sender: WebhookSender
    issuer_client: OidcClient | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetUseCases:
    """Gateways and their servers."""

    show: ShowFleet
    drain: DrainHandler
    drains: Drains


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What is heard from the other services, without the read model."""

    changes: ChangeFeed
    notices: NoticeFeed
    fleet: Fleet
    progress: ProgressWatch
    previews: PreviewBoard
    work: WorkBoard
    backlog: WebhookBacklog
    selector: SelectorRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What has been, asked again."""

    look_back: LookBackHandler
    fork: ForkRunHandler
    what_if: AskWhatIfHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a new run gets by default, what rendering costs, and what a request may cost."""

    n: int
    t: int
    gpu_hour_cost: float | None
    body_max_bytes: int
    change_streams_max: int

    def hour_cost(self, asked: float | None) -> float | None:
        """The price of an hour of one GPU: the one asked with, else the one that is set."""
        return self.gpu_hour_cost if asked is None else asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    pipelines: PipelineUseCases
    runs: RunUseCases
    candidates: CandidateUseCases
    images: Images
    votes: VoteUseCases
    exports: Exports
    rescore: RescoreHandler
    explain_job: ExplainJobHandler
    fleet: FleetUseCases
    access: Access
    live: Live
    replay: Replay
    readers: Readers
    log: EventLog
    projection: Projection
    at_least: AtLeast
    limits: Limits
    checks: Mapping[str, Check]
