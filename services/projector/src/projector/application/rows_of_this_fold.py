"""The read model is made by one version of the fold. Which one wrote the rows that are there?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from projector.application.ports import Checkpoint, NewerFold, RowStore
from projector.domain.fold import VERSION

_log = structlog.get_logger(__name__)


async def rows_of_this_fold(rows: RowStore, rebuild: Callable[[], Awaitable[object]]) -> Checkpoint:
    """Where the rows stand. Missing tables are made, rows of an older fold rebuilt first. `rows` is open.

    Raises NewerFold, UnsuitableDatabase, StoreUnavailable and the errors of a rebuild.
    """
    checkpoint = await rows.checkpoint()
    if checkpoint.fold < VERSION:
        _log.info("An older fold wrote the rows", action="fold_outdated", found=checkpoint.fold, ours=VERSION)
        await rebuild()
        checkpoint = await rows.checkpoint()
    if checkpoint.fold > VERSION:
        raise NewerFold(f"the rows are of fold {checkpoint.fold}, this projector has {VERSION}")
    return checkpoint
