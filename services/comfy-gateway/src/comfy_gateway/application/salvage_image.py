"""A picture that was finished before its server went down is fetched, not rendered a second time (JOB-9)."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from carnival.contracts.job import NodeImage
from comfy_gateway.application.ports import BadImage, ComfyError, ComfyServer, ImageTooLarge, Inspector
from comfy_gateway.application.retry_calls import Retrying
from comfy_gateway.application.stage_job import Staged
from comfy_gateway.application.track_job import JobInHand
from comfy_gateway.domain.salvage import places_of_picture
from comfy_gateway.domain.verdict import Finished

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SalvageImage:
    """The server knows nothing of the job any more, but its output folder outlives it."""

    inspector: Inspector
    retrying: Retrying

    async def __call__(self, job: JobInHand, server: ComfyServer, staged: Staged) -> Finished | None:
        """The end that the server forgot, its GPU seconds as heard here; None if no whole picture is there."""
        for image in places_of_picture(staged.payload):
            try:
                data = await self.retrying(lambda image=image: server.view(image))
                await self.inspector.inspect(data)
            except (BadImage, ImageTooLarge):
                continue
            except ComfyError:
                return None
            _log.warning("A forgotten job had left its picture", action="image_salvaged", job_id=job.id)
            return _finished(image, staged, job.seconds_heard)
        return None


def _finished(image: NodeImage, staged: Staged, gpu_seconds: float) -> Finished:
    shown = {"images": [image.model_dump()]}
    return Finished({staged.payload.result_node or "": shown}, gpu_seconds)
