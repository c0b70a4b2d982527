"""What the routes are given, subject by subject."""

from __future__ import annotations

import secrets

import structlog

from curation_api.adapters.http.credentials import Credentials
from curation_api.adapters.http.parameters import AtLeast
from curation_api.adapters.http.parts import Access, Exports, FleetUseCases, Images, Limits, Live, Parts, Replay
from curation_api.adapters.http.rate_limits import RateLimits, Rates
from curation_api.adapters.past_request import PastRequest
from curation_api.adapters.preview_board import PreviewBoard
from curation_api.adapters.selector_request import SelectorRequest
from curation_api.adapters.sign_in_codes import SignInCodes
from curation_api.adapters.skip_memory import SkipMemory
from curation_api.adapters.webhook_backlog import WebhookBacklog
from curation_api.adapters.webhook_sender import WebhookSender
from curation_api.adapters.what_if_request import WhatIfRequest
from curation_api.adapters.work_board import WorkBoard
from curation_api.application.access.invite_guests import InviteGuestsHandler
from curation_api.application.access.issue_token import IssueTokenHandler
from curation_api.application.access.revoke_token import RevokeTokenHandler
from curation_api.application.access.webhooks import WebhookHandler
from curation_api.application.books import Books
from curation_api.application.candidates.use_cases import CandidateUseCases
from curation_api.application.exports.export_images import ExportImagesHandler
from curation_api.application.exports.export_preferences import ExportPreferencesHandler
from curation_api.application.fleet.drain import DrainHandler
from curation_api.application.fleet.show_fleet import ShowFleet
from curation_api.application.images.discard_images import DiscardImagesHandler
from curation_api.application.images.show_image import ShowImage
from curation_api.application.ledger import Ledger
from curation_api.application.pipelines.use_cases import PipelineUseCases
from curation_api.application.ratings.rescore import RescoreHandler
from curation_api.application.replay.ask_what_if import AskWhatIfHandler
from curation_api.application.replay.fork_run import ForkRunHandler
from curation_api.application.replay.look_back import LookBackHandler
from curation_api.application.runs.explain_job import ExplainJobHandler
from curation_api.application.runs.use_cases import RunUseCases
from curation_api.application.votes.use_cases import VoteUseCases
from curation_api.domain.access.rates import Rate
from curation_api.domain.access.service_key import ServiceKey
from curation_api.settings import ApiAuth, Settings
from curation_api.wiring.outside import Outside, now, revealed

_log = structlog.get_logger(__name__)


def parts_of(outside: Outside) -> Parts:
    """Everything the routes need."""
    settings, readers, books = outside.settings, outside.readers, outside.books()
    return Parts(
        pipelines=PipelineUseCases.over(books, outside.fleet),
        runs=_runs(outside, books),
        candidates=CandidateUseCases.over(books, readers.candidates),
        images=_images(outside, books),
        votes=VoteUseCases.over(
            books,
            runs=readers.runs,
            votes=readers.votes,
            skips=SkipMemory(outside.connection),
            chance=secrets.randbelow,
        ),
        exports=Exports(
            preferences=ExportPreferencesHandler(readers.runs, readers.exports),
            images=ExportImagesHandler(readers.runs, readers.exports),
        ),
        rescore=RescoreHandler(Ledger(books), readers.rescorings),
        explain_job=ExplainJobHandler(readers.runs),
        fleet=_fleet(outside, books),
        access=_access(outside, books),
        live=_live(outside),
        replay=_replay(outside, books),
        readers=readers,
        log=outside.log,
        projection=outside.projection,
        at_least=AtLeast(outside.projection, outside.log, settings.read_wait_seconds),
        limits=_limits(settings),
        checks=outside.checks(),
    )


def _runs(outside: Outside, books: Books) -> RunUseCases:
    return RunUseCases.over(
        books,
        pipelines=outside.readers.pipelines,
        runs=outside.readers.runs,
        candidates=outside.readers.candidates,
        figures=outside.readers.analytics,
        fleet=outside.fleet,
        clock=now,
        suggested_k=outside.settings.default_top_k,
        read_wait_seconds=outside.settings.read_wait_seconds,
    )


def _images(outside: Outside, books: Books) -> Images:
    return Images(
        store=outside.images,
        show=ShowImage(outside.images, outside.thumbnails),
        discard=DiscardImagesHandler(Ledger(books), outside.readers.runs, outside.readers.candidates),
    )


def _fleet(outside: Outside, books: Books) -> FleetUseCases:
    fleet, drains, readers = outside.fleet, outside.drains, outside.readers
    return FleetUseCases(
        show=ShowFleet(fleet, readers.runs, readers.pipelines, drains),
        drain=DrainHandler(Ledger(books), drains, outside.draining.reached, fleet),
        drains=drains,
    )


def _access(outside: Outside, books: Books) -> Access:
    settings, register = outside.settings, outside.register
    key, ledger = _service_key(settings), Ledger(books)
    sender = WebhookSender(key, now, private_allowed=settings.webhooks_to_private_addresses)
    return Access(
        credentials=Credentials(register, key, now, open_house=settings.api_auth is ApiAuth.OFF, issuer=outside.issuer),
        register=register,
        sign_in_codes=SignInCodes(outside.connection),
        rate_limits=RateLimits(_rates(settings)),
        key=key,
        clock=now,
        issue_token=IssueTokenHandler(ledger, outside.access.reached, key, now),
        revoke_token=RevokeTokenHandler(ledger, outside.access.reached, register),
        webhooks=WebhookHandler(
            ledger=ledger,
            log=outside.log,
            registered=outside.access.reached,
            register=register,
            sender=sender,
            key=key,
            clock=now,
        ),
        webhook_sender=sender,
        issuer_client=outside.issuer_client,
        guests=InviteGuestsHandler(
            ledger=ledger,
            registered=outside.access.reached,
            register=register,
            runs=outside.readers.runs,
            key=key,
            clock=now,
        ),
    )


def _service_key(settings: Settings) -> ServiceKey:
    given = revealed(settings.service_key)
    if given is None:
        _log.warning("SERVICE_KEY is not set: browser sessions end with this process", action="service_key_missing")
    return ServiceKey(given or secrets.token_hex(), durable=given is not None)


def _rates(settings: Settings) -> Rates:
    return Rates(
        members=Rate(settings.rate_burst, settings.rate_per_second),
        addresses=Rate(settings.rate_anonymous_burst, settings.rate_anonymous_per_second),
        attempts=Rate(settings.rate_attempts_burst, settings.rate_attempts_per_second),
    )


def _live(outside: Outside) -> Live:
    return Live(
        changes=outside.changes,
        notices=outside.notices,
        fleet=outside.fleet,
        progress=outside.progress,
        previews=PreviewBoard(outside.connection),
        work=WorkBoard(outside.connection),
        backlog=WebhookBacklog(outside.connection),
        selector=SelectorRequest(outside.connection),
    )


def _replay(outside: Outside, books: Books) -> Replay:
    runs, past = outside.readers.runs, PastRequest(outside.connection)
    look_back = LookBackHandler(
        outside.log,
        outside.projection,
        runs,
        past,
        now,
        read_wait_seconds=outside.settings.read_wait_seconds,
    )
    return Replay(
        look_back=look_back,
        fork=ForkRunHandler(books, look_back, past, outside.readers.pipelines, runs, now),
        what_if=AskWhatIfHandler(outside.log, look_back, runs, WhatIfRequest(outside.connection)),
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        n=settings.n,
        t=settings.t,
        gpu_hour_cost=settings.gpu_hour_cost,
        body_max_bytes=settings.body_max_bytes,
        change_streams_max=settings.change_streams_max,
    )
