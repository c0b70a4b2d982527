"""Who uses the hub: tokens, guests, webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from curation_api.adapters.http.document.story.members import Members
from curation_api.adapters.http.document.vocabulary import MOMENT
from curation_api.adapters.http.problem_kinds import kind_of
from curation_api.adapters.webhook_workers import AGAIN_SECONDS
from curation_api.domain.access.refusals import RoleTooLow

_GUEST: Final = "guest:5f4e3d2c"
_KIND: Final = kind_of(RoleTooLow)

PEOPLE: Final[Mapping[str, Members]] = {
    "MeView": {"name": "ada", "role": "voter"},
    "TokenView": {"name": "ada", "role": "voter", "revoked_at": None},
    "GuestLinkView": {"revoked_at": None},
    "GuestPassView": {"name": _GUEST},
    "GuestView": {"name": _GUEST},
    "GuestFigures": {"voter": _GUEST, "votes": 6, "merged": 6},
    "DeadLetterView": {
        "given_up_at": (datetime.fromisoformat(MOMENT) + timedelta(seconds=sum(AGAIN_SECONDS))).isoformat()
    },
    "WebhookView": {"types": ["VoteCast", "ImageProduced"], "run_ids": [], "deleted_at": None},
    "TryView": {"delivered": True, "reason": None},
    "ProblemKindView": {"title": _KIND.title, "advice": _KIND.advice},
}
