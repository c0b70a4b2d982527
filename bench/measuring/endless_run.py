"""A run that never lacks work: the three recorded steps, with far more finals wanted than a benchmark makes."""

from __future__ import annotations

from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack

CHILDREN = 3
FINALS = 10_000


async def start_endless_run(stack: Stack) -> str:
    pipeline_id = await stack.define_pipeline(*portrait(), name="Endless")
    return await stack.start_run(pipeline_id, n=CHILDREN, t=FINALS, variables=VARIABLES)
