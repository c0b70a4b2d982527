"""The token of the settings exists: without it nobody could issue the first one."""

from __future__ import annotations

import structlog

from carnival.contracts.access import Role, TokenIssued
from carnival.contracts.catalogue import API
from carnival.contracts.ids import derived_id
from carnival.log.metadata import fresh_metadata
from carnival.log.port import EventLog
from curation_api.application.ports import Registered
from curation_api.domain.access.register import Register
from curation_api.domain.access.tokens import digest_of_secret, token_id_of

EFFECT_SECONDS_MAX = 5.0
NAME = "operator"

_log = structlog.get_logger(__name__)


async def ensure_operator(log: EventLog, register: Register, registered: Registered, secret: str | None) -> None:
    """Issue `secret` as an operator's token unless the log knows it; once revoked it stays so. Raises LogError."""
    if secret is None:
        if not any(token.role is Role.OPERATOR and token.revoked_at is None for token in register.tokens.values()):
            _log.warning("There is no operator's token; set OPERATOR_TOKEN to make one", action="operator_missing")
        return
    digest = digest_of_secret(secret)
    token_id = token_id_of(digest)
    known = register.tokens.get(token_id)
    if known is None:
        event = TokenIssued(token_id=token_id, name=NAME, role=Role.OPERATOR, secret_sha256=digest)
        meta = fresh_metadata(source=API, event_id=derived_id("operator", token_id), actor=API)
        appended = await log.append(event, meta)
        await registered(appended.position, EFFECT_SECONDS_MAX)
    elif known.revoked_at is not None:
        _log.warning("The token of OPERATOR_TOKEN was revoked", action="operator_revoked", token_id=token_id)
