"""What the selector hears on the bus."""

from __future__ import annotations

from typing import Final

from faststream.nats import NatsMessage, NatsRouter

from carnival.contracts.notices import Projected
from carnival.contracts.run import RunPolicy
from carnival.contracts.subjects import NEXT_DECISION, PRESENCE_BUCKET, PROJECTED, WHAT_IF
from carnival.contracts.what_if import WhatIfAnswer, WhatIfAsked
from selector.adapters.heard_causes import HeardCauses
from selector.adapters.next_decision import NextDecision, NextDecisionAsked, answer
from selector.adapters.presence import ANNOUNCEMENTS, AnnouncedPresence
from selector.adapters.wakeups import NoticedProjection, WakeUps
from selector.adapters.what_if_answer import what_if_answer
from selector.application.preview_choice import PreviewChoice
from selector.application.what_if import ReconsiderHistory

QUESTIONS_AT_ONCE: Final = 4
"""So that "busy" is answered at once."""


def routes(
    *,
    wakes: WakeUps,
    projection: NoticedProjection,
    causes: HeardCauses,
    presence: AnnouncedPresence,
    preview: PreviewChoice,
    reconsider: ReconsiderHistory,
    policy: RunPolicy,
) -> NatsRouter:
    """Notices and announcements wake every replica; a question is answered by one of them.

    `no_reply` where we only listen in: a writer waits for the server's answer, and ours would be taken for it.
    """
    router = NatsRouter()

    @router.subscriber(PROJECTED, no_reply=True)
    async def on_projected(notice: Projected) -> None:
        causes.hear(notice.causes)
        projection.notice(notice.position)
        wakes.wake()

    @router.subscriber(ANNOUNCEMENTS, decoder=_as_it_is, no_reply=True)
    async def on_presence(message: NatsMessage) -> None:
        presence.announce(message.raw_message.subject.removeprefix(f"$KV.{PRESENCE_BUCKET}."), message.body)

    @router.subscriber(NEXT_DECISION, queue="selector")
    async def on_next_decision(asked: NextDecisionAsked) -> NextDecision:
        return await answer(asked, preview, policy)

    @router.subscriber(WHAT_IF, queue="selector", max_workers=QUESTIONS_AT_ONCE)
    async def on_what_if(asked: WhatIfAsked) -> WhatIfAnswer:
        return await what_if_answer(asked, reconsider)

    return router


async def _as_it_is(message: NatsMessage) -> bytes:
    return message.body
