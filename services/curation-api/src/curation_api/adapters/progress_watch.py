"""How far open jobs are, by the notices of their gateways. Every process of the API hears them all."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from pydantic import ValidationError

from carnival.contracts.ids import JobId
from carnival.contracts.notices import JobProgress
from carnival.contracts.subjects import PROGRESS
from curation_api.adapters.notices import Notice, progress_notice

JOBS_MAX: Final = 10_000

_log = structlog.get_logger(__name__)


class ProgressWatch:
    """Keeps the newest notice of each job, of the `jobs_max` that were heard of last, and tells each."""

    def __init__(self, connection: Client, tell: Callable[[Notice], None], jobs_max: int = JOBS_MAX) -> None:
        self._connection = connection
        self._tell = tell
        self._jobs_max = jobs_max
        self._newest: OrderedDict[JobId, JobProgress] = OrderedDict()
        self._subscription: Subscription | None = None

    async def start(self) -> None:
        self._subscription = await self._connection.subscribe(PROGRESS, cb=self._on_notice)

    async def stop(self) -> None:
        if self._subscription and not self._connection.is_closed:
            await self._subscription.unsubscribe()

    def of(self, job_id: JobId) -> JobProgress | None:
        """None if nothing was heard of the job since this process began."""
        return self._newest.get(job_id)

    async def _on_notice(self, message: Msg) -> None:
        try:
            notice = JobProgress.model_validate_json(message.data)
        except ValidationError as error:
            _log.warning("A notice cannot be read", action="notice_unreadable", error=str(error)[:200])
            return
        self._newest[notice.job_id] = notice
        self._newest.move_to_end(notice.job_id)
        if len(self._newest) > self._jobs_max:
            self._newest.popitem(last=False)
        self._tell(progress_notice(notice))
