"""How long a GPU waits between two jobs: the whole stack, one slot, 0.5 s an image.

Read from the server's own timestamps: the end of one execution to the start of the next. The baseline is the time the
same server renders per image, so that the ratio says which part of a GPU's day is lost.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fixtures.pipelines import VARIABLES, portrait
from fixtures.stack import Stack, running_stack

IMAGES = 60
SECONDS_PER_IMAGE = 0.5
WARM_UP = 5


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {"COMFY_STUB_SECONDS_PER_IMAGE": str(SECONDS_PER_IMAGE)}
        async with running_stack(Path(folder) / "data", **environment) as stack:
            gaps = await measure(stack)
    per_image_ms = SECONDS_PER_IMAGE * 1000
    twentieths = quantiles(gaps, n=20)
    print(f"gap between jobs: median {median(gaps):.0f} ms, p95 {twentieths[18]:.0f} ms, max {max(gaps):.0f} ms")
    print(f"median gap / time of an image: {median(gaps) / per_image_ms:.4f} (goal: 0.02)")
    print(f"p95 gap / time of an image: {twentieths[18] / per_image_ms:.4f} (goal: 0.1)")


async def measure(stack: Stack) -> list[float]:
    """Milliseconds between consecutive executions."""
    pipeline_id = await stack.define_pipeline(*portrait())
    run_id = await stack.start_run(pipeline_id, n=3, t=1000, variables=VARIABLES)
    await stack.wait_for_run(run_id, lambda run: run["images"] >= IMAGES, seconds=IMAGES * 2, what=f"{IMAGES} images")
    async with asyncio.timeout(10):
        answer = await stack.http.get(f"{stack.stub_url}/stub/jobs")
    jobs = sorted(answer.json()["jobs"], key=lambda job: job["started_ms"])[WARM_UP:]
    ended = [job for job in jobs if job.get("ended_ms")]
    return [later["started_ms"] - earlier["ended_ms"] for earlier, later in pairwise(ended)]


if __name__ == "__main__":
    asyncio.run(main())
