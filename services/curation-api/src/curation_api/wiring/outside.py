"""Everything this service stands on: its servers, and what is kept in memory of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from nats.aio.client import Client
from pydantic import SecretStr

from carnival.concurrency import steady_clock
from carnival.contracts.drain import Drains
from carnival.contracts.subjects import ACCESS, FLEET
from carnival.fleet import Fleet
from carnival.health import Check, bus_check
from carnival.images.opening import open_image_store
from carnival.images.port import ImageStore
from carnival.log.nats_log import NatsEventLog
from carnival.log.stream import MESSAGE_BYTES_MAX
from curation_api.adapters.category_watch import CategoryWatch
from curation_api.adapters.change_feed import ChangeFeed
from curation_api.adapters.jwt_issuer import IssuerRules, JwtIssuer
from curation_api.adapters.metrics import VoteCounts
from curation_api.adapters.notice_feed import NoticeFeed
from curation_api.adapters.notices import Notice
from curation_api.adapters.oidc_client import ClientRules, OidcClient
from curation_api.adapters.pillow_shrinker import PillowShrinker
from curation_api.adapters.presence_watch import PresenceWatch
from curation_api.adapters.progress_watch import ProgressWatch
from curation_api.adapters.projection_watch import ProjectionWatch
from curation_api.adapters.read_model.readers import Readers
from curation_api.application.access.ensure_operator import ensure_operator
from curation_api.application.books import Books
from curation_api.application.images.thumbnails import Thumbnails
from curation_api.application.preconditions import Preconditions
from curation_api.application.repeats import Repeats
from curation_api.domain.access.claims import ClaimRules
from curation_api.domain.access.register import Register
from curation_api.settings import Settings, listed, roles_of


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    settings: Settings
    connection: Client
    log: NatsEventLog
    readers: Readers
    projection: ProjectionWatch
    changes: ChangeFeed
    notices: NoticeFeed
    progress: ProgressWatch
    presence: PresenceWatch
    fleet: Fleet
    images: ImageStore
    shrinker: PillowShrinker
    thumbnails: Thumbnails
    register: Register
    access: CategoryWatch
    drains: Drains
    draining: CategoryWatch
    issuer: JwtIssuer | None
    issuer_client: OidcClient | None

    @classmethod
    def over(cls, settings: Settings, connection: Client, readers: Readers) -> Self:
        """Nothing is asked of `connection` and `readers` before `watching`."""
        log = NatsEventLog(connection, told=VoteCounts().appended)
        images, shrinker, register = open_image_store(settings), PillowShrinker(), Register()
        drains, notices, issuer = Drains(), NoticeFeed(), issuer_of(settings)
        fleet = Fleet(connection)

        def tell_of_fleet(notice: Notice) -> None:
            fleet.forget()
            notices.tell(notice)

        return cls(
            settings=settings,
            connection=connection,
            log=log,
            readers=readers,
            projection=ProjectionWatch(
                connection, readers.judgements.projected_position, notices.tell, readers.judgements.told
            ),
            changes=ChangeFeed(log),
            notices=notices,
            progress=ProgressWatch(connection, notices.tell),
            presence=PresenceWatch(connection, steady_clock(), tell_of_fleet),
            fleet=fleet,
            images=images,
            shrinker=shrinker,
            thumbnails=Thumbnails(images, shrinker),
            register=register,
            access=CategoryWatch(log, register, ACCESS),
            drains=drains,
            draining=CategoryWatch(log, drains, FLEET),
            issuer=issuer,
            issuer_client=client_of(settings, issuer),
        )

    def books(self) -> Books:
        """What commands write to."""
        return Books(
            log=self.log,
            projection=self.projection,
            judgements=self.readers.judgements,
            repeats=Repeats(log=self.log, projection=self.projection, wait_seconds=self.settings.verdict_wait_seconds),
            preconditions=Preconditions(
                log=self.log,
                projection=self.projection,
                candidates=self.readers.candidates,
                wait_seconds=self.settings.verdict_wait_seconds,
            ),
            verdict_wait_seconds=self.settings.verdict_wait_seconds,
            event_bytes_max=min(self.connection.max_payload, MESSAGE_BYTES_MAX),
        )

    @asynccontextmanager
    async def watching(self) -> AsyncGenerator[None]:
        """What is known in memory is kept new while the block runs, and the operator's token is in force."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(asyncio.to_thread, self.shrinker.close)
            stack.push_async_callback(self.thumbnails.stop)
            if self.issuer is not None:
                stack.push_async_callback(self.issuer.close)
            if self.issuer_client is not None:
                stack.push_async_callback(self.issuer_client.close)
            told = (self.projection, self.changes, self.notices, self.progress, self.presence)
            for watch in (*told, self.access, self.draining):
                await watch.start()
                stack.push_async_callback(watch.stop)
            await ensure_operator(self.log, self.register, self.access.reached, revealed(self.settings.operator_token))
            yield

    def checks(self) -> Mapping[str, Check]:
        """What has to answer for this service to be ready."""

        async def postgres() -> None:
            await self.readers.judgements.projected_position()

        return {"nats": bus_check(self.connection), "postgres": postgres}


def issuer_of(settings: Settings) -> JwtIssuer | None:
    """The issuer whose JWTs open the hub, if there is one."""
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        return None
    return JwtIssuer(
        IssuerRules(
            issuer=settings.oidc_issuer,
            audience=settings.oidc_audience,
            algorithms=listed(settings.oidc_algorithms),
            leeway_seconds=settings.oidc_leeway_seconds,
            claims=_claims(settings),
        )
    )


def client_of(settings: Settings, issuer: JwtIssuer | None) -> OidcClient | None:
    """This hub as the issuer's client, if browsers sign in there."""
    if issuer is None or settings.oidc_client_id is None:
        return None
    rules = ClientRules(
        client_id=settings.oidc_client_id,
        client_secret=revealed(settings.oidc_client_secret),
        redirect_url=settings.oidc_redirect_url,
        session_hours=settings.oidc_session_hours,
        claims=_claims(settings),
    )
    return OidcClient(issuer, rules, now)


def _claims(settings: Settings) -> ClaimRules:
    return ClaimRules(
        name_claim=settings.oidc_name_claim, roles_claim=settings.oidc_roles_claim, roles=roles_of(settings.oidc_roles)
    )


def revealed(given: SecretStr | None) -> str | None:
    return given.get_secret_value() if given else None
