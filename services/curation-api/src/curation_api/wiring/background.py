"""Work that goes on beside the requests."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from carnival.contracts.bus_rights import DISCARDS_WORKER, THUMBNAILS_WORKER
from carnival.contracts.candidate import ImagesDiscarded
from carnival.contracts.job import ImageProduced
from curation_api.adapters.http.parts import Parts
from curation_api.adapters.log_worker import LogWorker
from curation_api.adapters.repeated_work import RepeatedWork
from curation_api.adapters.webhook_workers import WebhookWorkers
from curation_api.application.images.delete_originals import DeleteOriginals
from curation_api.application.images.discard_by_age import DiscardByAge
from curation_api.application.images.prepare_thumbnails import PrepareThumbnails
from curation_api.wiring.outside import Outside, now

POLICY_SECONDS = 600.0


@asynccontextmanager
async def background_work(outside: Outside, parts: Parts) -> AsyncGenerator[None]:
    """While the block runs thumbnails are made ahead, discarded originals leave the store, the policy, if there is one,
    names more, and webhooks get their events."""
    candidates = outside.readers.candidates
    delete = DeleteOriginals(outside.images, outside.thumbnails, outside.projection, candidates)
    prepare = PrepareThumbnails(outside.thumbnails)
    sender = parts.access.webhook_sender
    works: list[LogWorker[ImageProduced] | LogWorker[ImagesDiscarded] | RepeatedWork | WebhookWorkers] = [
        LogWorker(outside.connection, THUMBNAILS_WORKER, ImageProduced, prepare, pool="*"),
        LogWorker(outside.connection, DISCARDS_WORKER, ImagesDiscarded, delete),
        WebhookWorkers(outside.connection, outside.log, outside.register, sender),
    ]
    if (days := outside.settings.discard_after_days) is not None:
        policy = DiscardByAge(parts.images.discard, candidates, now, days)
        works.append(RepeatedWork("discard-policy", POLICY_SECONDS, policy))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(sender.close)
        for work in works:
            work.start()
            stack.push_async_callback(work.stop)
        yield
