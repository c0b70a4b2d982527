"""What the projector is asked on the bus."""

from __future__ import annotations

from typing import Final

import structlog
from faststream.nats import NatsRouter

from carnival.contracts.past import PastProblem, RunAtAnswer, RunAtAsked
from carnival.contracts.subjects import RUN_AT
from carnival.log.errors import LogError
from projector.application.look_back import LookBack
from projector.application.ports import StoreUnavailable

AT_ONCE: Final = 16
"""Questions that wait or are worked on; more wait at the server."""

_log = structlog.get_logger(__name__)


def questions(look_back: LookBack) -> NatsRouter:
    """Each question is answered by one of the projectors, an idle one as well."""
    router = NatsRouter()

    @router.subscriber(RUN_AT, queue="projector", max_workers=AT_ONCE)
    async def on_run_at(asked: RunAtAsked) -> RunAtAnswer:
        try:
            return await look_back(asked)
        except (StoreUnavailable, LogError) as error:
            _log.warning("A look back has to wait", action="look_back_failed", run_id=asked.run_id, reason=str(error))
            return RunAtAnswer(problem=PastProblem.UNAVAILABLE)

    return router
