"""What the selector hears on the bus."""

from __future__ import annotations

from faststream.nats import NatsMessage, NatsRouter

from carnival.contracts.notices import Projected
from carnival.contracts.subjects import NEXT_DECISION, PRESENCE_BUCKET, PROJECTED
from selector.adapters.next_decision import NextDecision, NextDecisionAsked, answer
from selector.adapters.presence import ANNOUNCEMENTS, AnnouncedPresence
from selector.adapters.wakeups import NoticedProjection, WakeUps
from selector.application.preview_choice import PreviewChoice
from selector.domain.rules import RunPolicy


def routes(
    *,
    wakes: WakeUps,
    projection: NoticedProjection,
    presence: AnnouncedPresence,
    preview: PreviewChoice,
    policy: RunPolicy,
) -> NatsRouter:
    """Notices and announcements wake every replica; a question is answered by one of them.

    `no_reply` where we only listen in: a writer waits for the server's answer, and ours would be taken for it.
    """
    router = NatsRouter()

    @router.subscriber(PROJECTED, no_reply=True)
    async def on_projected(notice: Projected) -> None:
        projection.notice(notice.position)
        wakes.wake()

    @router.subscriber(ANNOUNCEMENTS, decoder=_as_it_is, no_reply=True)
    async def on_presence(message: NatsMessage) -> None:
        presence.announce(message.raw_message.subject.removeprefix(f"$KV.{PRESENCE_BUCKET}."), message.body)

    @router.subscriber(NEXT_DECISION, queue="selector")
    async def on_next_decision(asked: NextDecisionAsked) -> NextDecision:
        return await answer(asked, preview, policy)

    return router


async def _as_it_is(message: NatsMessage) -> bytes:
    return message.body
