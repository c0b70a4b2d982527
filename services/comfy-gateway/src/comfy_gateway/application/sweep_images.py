"""Once at the start: what writers of images left behind when they were killed goes."""

from __future__ import annotations

import structlog

from carnival.images.port import ImageStore

_log = structlog.get_logger(__name__)


async def sweep_images(images: ImageStore) -> None:
    """A store that cannot be swept just now is swept at the next start."""
    try:
        swept = await images.sweep()
    except OSError as error:
        _log.warning("The image store could not be swept", action="sweep_failed", error=str(error))
        return
    if swept:
        _log.info("Unfinished files were swept from the image store", action="images_swept", files=swept)
