"""What a client keeps for the hub, sealed with the service's key: browser sessions, and the passes of guests.

Nothing is stored: every replica can read what another one sealed. What is sealed names a token or link in the register,
and ends with it.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Final, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from carnival.contracts.ids import TokenId
from curation_api.domain.access.refusals import CredentialRefused
from curation_api.domain.access.service_key import ServiceKey

SESSION_DAYS: Final = 30
PURPOSE: Final = "session"

M = TypeVar("M", bound=BaseModel)


class Session(BaseModel):
    """Who signed a browser in, and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token_id: TokenId
    expires_at: AwareDatetime


def seal(said: BaseModel, key: ServiceKey, purpose: str = PURPOSE) -> str:
    """What is said and its signature, in letters a cookie may hold."""
    words = _letters(said.model_dump_json().encode())
    return f"{words}.{_letters(key.derive(purpose, words))}"


def unsealed(kind: type[M], text: str, key: ServiceKey, purpose: str) -> M:
    """What was sealed for that purpose. Raises CredentialRefused for what is not ours."""
    words, _, signature = text.partition(".")
    if not hmac.compare_digest(_letters(key.derive(purpose, words)).encode(), signature.encode()):
        raise CredentialRefused(f"The {purpose} is not one of this hub")
    try:
        return kind.model_validate_json(base64.urlsafe_b64decode(words + "=" * (-len(words) % 4)))
    except (ValueError, ValidationError) as error:
        raise CredentialRefused(f"The {purpose} cannot be read") from error


def opened(cookie: str, key: ServiceKey, now: datetime) -> Session:
    """The session a cookie holds. Raises CredentialRefused for one that is not ours, or over."""
    session = unsealed(Session, cookie, key, PURPOSE)
    if session.expires_at <= now:
        raise CredentialRefused("The session is over; sign in again")
    return session


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
