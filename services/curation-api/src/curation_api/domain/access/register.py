"""The register of who may use the hub: a fold of the log's category `access`, small enough for memory."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from carnival.contracts.access import GuestLinkIssued, GuestLinkRevoked, Role, TokenIssued, TokenRevoked
from carnival.contracts.envelope import LogEntry, Metadata, Recorded
from carnival.contracts.ids import GuestLinkId, Position, RunId, TokenId, WebhookId
from curation_api.domain.access import webhook_register
from curation_api.domain.access.principals import Guest, Member
from curation_api.domain.access.refusals import CredentialRefused, GuestLinkUnknown
from curation_api.domain.access.tokens import digest_of_secret
from curation_api.domain.access.webhook_register import Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as the log has it."""

    token_id: TokenId
    name: str
    role: Role
    secret_sha256: str
    expires_at: datetime | None
    issued_at: datetime
    issued_by: str | None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> str:
        return _state(self.revoked_at, self.expires_at, now)

    def member(self, now: datetime) -> Member:
        """Who acts with it. Raises CredentialRefused once it is revoked or expired."""
        if self.revoked_at is not None:
            raise CredentialRefused("The token was revoked")
        if self.expires_at is not None and self.expires_at <= now:
            raise CredentialRefused("The token has expired")
        return Member(name=self.name, role=self.role, token_id=self.token_id, expires_at=self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLink:
    """A link for guests as the log has it."""

    link_id: GuestLinkId
    run_id: RunId
    label: str
    expires_at: datetime
    issued_at: datetime
    issued_by: str | None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> str:
        return _state(self.revoked_at, self.expires_at, now)

    def guest(self, name: str, now: datetime) -> Guest:
        """A guest who came by it. Raises CredentialRefused once it is revoked or expired."""
        state = self.state(now)
        if state != "active":
            raise CredentialRefused(f"The guests' link is {state}")
        return Guest(name=name, link_id=self.link_id, run_id=self.run_id, expires_at=self.expires_at)


class Register:
    """All tokens, guest links and webhooks there have been. `position` is how far the log was folded."""

    def __init__(self) -> None:
        self.position = Position(0)
        self.tokens: dict[TokenId, Token] = {}
        self.links: dict[GuestLinkId, GuestLink] = {}
        self.webhooks: dict[WebhookId, Webhook] = {}
        self._by_digest: dict[str, TokenId] = {}
        self._links_by_digest: dict[str, GuestLinkId] = {}

    def apply(self, entry: LogEntry) -> None:
        """Fold one entry; what is no business of the register only moves its position."""
        if isinstance(entry, Recorded):
            match entry.event:
                case TokenIssued():
                    self._issue(entry.event, entry.meta)
                case TokenRevoked():
                    self._revoke(entry.event, entry.meta.time)
                case GuestLinkIssued():
                    self._invite(entry.event, entry.meta)
                case GuestLinkRevoked():
                    self._dismiss(entry.event, entry.meta.time)
                case _:
                    webhook_register.apply(self.webhooks, entry.event, entry.meta, entry.position)
        self.position = max(self.position, entry.position)

    def token_of(self, secret: str) -> Token:
        """The token a secret belongs to, in constant time towards its digest. Raises CredentialRefused."""
        digest = digest_of_secret(secret)
        token = self.tokens.get(self._by_digest.get(digest, TokenId("")))
        if token is None or not hmac.compare_digest(token.secret_sha256, digest):
            raise CredentialRefused("There is no such token")
        return token

    def token(self, token_id: TokenId) -> Token:
        """Raises CredentialRefused for an unknown one."""
        found = self.tokens.get(token_id)
        if found is None:
            raise CredentialRefused("There is no such token")
        return found

    def link_of(self, secret: str) -> GuestLink:
        """The link a secret belongs to; the digest is looked up, so time tells nothing. Raises GuestLinkUnknown."""
        link_id = self._links_by_digest.get(digest_of_secret(secret))
        if link_id is None:
            raise GuestLinkUnknown("There is no such guests' link")
        return self.links[link_id]

    def link(self, link_id: GuestLinkId) -> GuestLink:
        """Raises CredentialRefused for an unknown one."""
        found = self.links.get(link_id)
        if found is None:
            raise CredentialRefused("There is no such guests' link")
        return found

    def _issue(self, event: TokenIssued, meta: Metadata) -> None:
        if event.token_id in self.tokens:
            return
        self.tokens[event.token_id] = Token(
            token_id=event.token_id,
            name=event.name,
            role=event.role,
            secret_sha256=event.secret_sha256,
            expires_at=event.expires_at,
            issued_at=meta.time,
            issued_by=meta.actor,
        )
        self._by_digest[event.secret_sha256] = event.token_id

    def _revoke(self, event: TokenRevoked, at: datetime) -> None:
        token = self.tokens.get(event.token_id)
        if token is not None and token.revoked_at is None:
            self.tokens[event.token_id] = replace(token, revoked_at=at)

    def _invite(self, event: GuestLinkIssued, meta: Metadata) -> None:
        if event.link_id in self.links:
            return
        self.links[event.link_id] = GuestLink(
            link_id=event.link_id,
            run_id=event.run_id,
            label=event.label,
            expires_at=event.expires_at,
            issued_at=meta.time,
            issued_by=meta.actor,
        )
        self._links_by_digest[event.secret_sha256] = event.link_id

    def _dismiss(self, event: GuestLinkRevoked, at: datetime) -> None:
        link = self.links.get(event.link_id)
        if link is not None and link.revoked_at is None:
            self.links[event.link_id] = replace(link, revoked_at=at)


def _state(revoked_at: datetime | None, expires_at: datetime | None, now: datetime) -> str:
    """active, expired or revoked."""
    if revoked_at is not None:
        return "revoked"
    return "expired" if expires_at is not None and expires_at <= now else "active"
