"""From a finished job to a stored image and the event about it (JOB-4 to JOB-7)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from opentelemetry.trace import SpanKind

from carnival.contracts.ids import CandidateId, derived_id
from carnival.contracts.job import FailureClass, FailureCode, ImageProduced, NodeImage, StoredImage
from carnival.images.port import ImageStore, UnsafePlace
from carnival.telemetry.tracing import span
from comfy_gateway.application.failing import Failing
from comfy_gateway.application.mind_store import MindStore
from comfy_gateway.application.ports import BadImage, ComfyError, ComfyServer, ImageTooLarge, Inspector
from comfy_gateway.application.stage_job import Staged
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.domain.failure import Failure, of_infrastructure
from comfy_gateway.domain.place import place_of
from comfy_gateway.domain.result import Result, result_of
from comfy_gateway.domain.retry import JITTER, REGISTER_PAUSES_SECONDS
from comfy_gateway.domain.verdict import Finished

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RegisterImage:
    """Raises Failing when there is no image or it cannot be had."""

    images: ImageStore
    store: MindStore
    inspector: Inspector
    gateway: str
    chance: Callable[[], float]
    pauses: tuple[float, ...] = REGISTER_PAUSES_SECONDS

    async def __call__(self, job: JobInHand, server: ComfyServer, staged: Staged, end: Finished) -> ImageProduced:
        """Store the image and say what to append."""
        result = result_of(end.outputs, staged.payload.result_node, list(staged.payload.workflow))
        if result is None:
            words = "The job ended well but saved no image"
            raise Failing(Failure(FailureCode.NO_IMAGE, FailureClass.GRAPH, words, end.gpu_seconds))
        image = await self._stored(job, server, staged, result.image, end.gpu_seconds)
        return self._event(job, server, image, result, end.gpu_seconds)

    async def _stored(
        self, job: JobInHand, server: ComfyServer, staged: Staged, image: NodeImage, gpu_seconds: float
    ) -> StoredImage:
        problem: Failure | None = None
        for pause in (0.0, *self.pauses):
            await asyncio.sleep(pause * (1 + JITTER * self.chance()))
            try:
                return await self._store_once(job, server, staged, image)
            except (ImageTooLarge, UnsafePlace) as error:
                words = f"The image cannot be stored: {error}"
                raise Failing(Failure(FailureCode.BAD_IMAGE, FailureClass.GRAPH, words, gpu_seconds)) from error
            except BadImage as error:
                problem = of_infrastructure(FailureCode.BAD_IMAGE, str(error), gpu_seconds)
            except (ComfyError, OSError) as error:
                words = f"The image could not be fetched and stored: {error}"
                problem = of_infrastructure(FailureCode.IMAGE_UNAVAILABLE, words, gpu_seconds)
            _log.warning("An image could not be registered yet", action="register_failed", job_id=job.id, why=problem)
        assert problem is not None
        raise Failing(problem)

    async def _store_once(self, job: JobInHand, server: ComfyServer, staged: Staged, image: NodeImage) -> StoredImage:
        with span("fetch image", kind=SpanKind.CLIENT, node=server.name):
            data = await server.view(image)
        picture = await self.inspector.inspect(data)
        place = place_of(staged.payload.output_folder, job.id, job.request.moment_ms, picture.media_type)
        with span("store image", kind=SpanKind.CLIENT, place=place, bytes=len(data)):
            kept, sha256 = await self._kept(place, data)
        if kept is not data:
            picture = await self.inspector.inspect(kept)
        return StoredImage(
            place=place,
            sha256=sha256,
            size_bytes=len(kept),
            width=picture.width,
            height=picture.height,
            media_type=picture.media_type,
            pixel_sha256=picture.pixel_sha256,
        )

    async def _kept(self, place: str, data: bytes) -> tuple[bytes, str]:
        """What lies there then, and its SHA-256. What an earlier life of the job stored may be registered already and
        is never replaced."""
        try:
            if await self.images.exists(place):
                earlier = await self.images.get(place)
                return earlier, await asyncio.to_thread(lambda: hashlib.sha256(earlier).hexdigest())
            sha256 = await self.images.put(place, data)
        except OSError as error:
            self.store.refused(error, len(data))
            raise
        self.store.took()
        return data, sha256

    def _event(
        self, job: JobInHand, server: ComfyServer, image: StoredImage, result: Result, gpu_seconds: float
    ) -> ImageProduced:
        request = job.request
        return ImageProduced(
            run_id=request.run_id,
            job_id=request.job_id,
            candidate_id=CandidateId(derived_id("candidate", request.job_id)),
            step_order=request.step_order,
            parent_id=request.parent.candidate_id if request.parent else None,
            pool=request.pool,
            gateway=self.gateway,
            node=server.name,
            attempt=job.attempt,
            image=image,
            further_images=result.further,
            gpu_seconds=gpu_seconds,
        )
