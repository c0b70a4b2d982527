"""Browser sessions: a cookie that names who signed in and until when, sealed with the service's key.

Nothing is stored: every replica can read what another one sealed, and a session ends with the token behind it.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from carnival.contracts.ids import TokenId
from curation_api.domain.access.refusals import CredentialRefused
from curation_api.domain.access.service_key import ServiceKey

SESSION_DAYS: Final = 30
PURPOSE: Final = "session"


class Session(BaseModel):
    """What the cookie says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token_id: TokenId
    expires_at: AwareDatetime


def seal(session: Session, key: ServiceKey) -> str:
    """The cookie's value: the session and its signature, in letters a cookie may hold."""
    words = _letters(session.model_dump_json().encode())
    return f"{words}.{_letters(key.derive(PURPOSE, words))}"


def opened(cookie: str, key: ServiceKey, now: datetime) -> Session:
    """The session a cookie holds. Raises CredentialRefused for one that is not ours, or over."""
    words, _, signature = cookie.partition(".")
    if not hmac.compare_digest(_letters(key.derive(PURPOSE, words)).encode(), signature.encode()):
        raise CredentialRefused("The session is not one of this hub")
    try:
        session = Session.model_validate_json(base64.urlsafe_b64decode(words + "=" * (-len(words) % 4)))
    except (ValueError, ValidationError) as error:
        raise CredentialRefused("The session cannot be read") from error
    if session.expires_at <= now:
        raise CredentialRefused("The session is over; sign in again")
    return session


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
