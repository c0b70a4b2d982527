"""All ratings of the store anew, because another system was promoted."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from carnival.contracts.ids import Position, RunId
from carnival.postgres import load_sql
from projector.adapters import loading
from projector.adapters.loading import Connection
from projector.adapters.writing import updates
from projector.application.ports import Needs, Outcome
from projector.domain import rating
from projector.domain.read_model import ReadModel

WEIGHT_AT_ONCE: Final = 50_000
"""Images and votes of the runs that are read together; a larger run comes alone."""

_PACKAGE = "projector.adapters"


async def rate_anew(connection: Connection) -> None:
    """Every run that is not pinned, some at a time, inside the caller's transaction."""
    promotion = await loading.load_promotion(connection)
    async for run_ids in unpinned_runs(connection):
        model = ReadModel(promotion=promotion)
        await loading.load(connection, Needs(runs=set(run_ids)), model)
        rating.start_all_over(model)
        rating.settle(model)
        for statement in updates(Outcome(Position(0), Position(0), model.changes)):
            await connection.execute(*statement)


async def unpinned_runs(connection: Connection) -> AsyncGenerator[list[RunId]]:
    """Runs with votes that follow the promoted system, by creation, as many at a time as memory holds."""
    cursor = await connection.execute(load_sql(_PACKAGE, "unpinned_runs"))
    taken, weight = list[RunId](), 0
    for run_id, more in await cursor.fetchall():
        if taken and weight + more > WEIGHT_AT_ONCE:
            yield taken
            taken, weight = list[RunId](), 0
        taken.append(RunId(run_id))
        weight += more
    if taken:
        yield taken
