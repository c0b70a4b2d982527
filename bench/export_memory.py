"""How fast votes are exported, and whether the memory it takes grows with them.

    python bench/export_memory.py [--votes 1000000]

Exports a tenth of the votes and then all of them in each format. Prints one figure a line. Starts Postgres of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psutil
import psycopg

from carnival.contracts.ids import CandidateId, JobId, PipelineId, Position, RunId, VoteId
from carnival.contracts.notices import Projected
from carnival.contracts.vote import Outcome
from carnival.postgres import LIVE_SCHEMA, open_pool
from carnival.testing import examples
from carnival.testing.memory_log import MemoryEventLog
from carnival_cli.servers.running import running_postgres
from curation_api.adapters.preference_files import PreferenceFormat, preference_file
from curation_api.adapters.read_model.exports import PostgresExports
from curation_api.adapters.read_model.runs import PostgresRuns
from curation_api.application.exports.export_preferences import ExportPreferencesHandler, WantedPreferences
from projector.adapters.building_site import PostgresSite
from projector.application.rebuild import Rebuild, RebuildProgress

RUN: Final = RunId("bench-run")
EVERYTHING: Final = Position(2**62)
MORE_VOTES: Final = """
INSERT INTO votes
SELECT (jsonb_populate_record(v, jsonb_build_object('vote_id', 'more-' || n, 'position', 1000 + n))).*
FROM votes v, generate_series(%s::bigint, %s::bigint) AS n
WHERE v.vote_id = 'first'
"""


class _Nobody:
    async def projected(self, notice: Projected) -> None:
        """Nobody waits for the bench's read model."""


async def fill(url: str) -> None:
    """A run with two images and one vote."""
    log = MemoryEventLog()
    pipeline_id = PipelineId("bench-pipeline")
    await log.append(examples.pipeline_defined(pipeline_id=pipeline_id), examples.meta("curation-api"))
    await log.append(examples.run_started(run_id=RUN, pipeline_id=pipeline_id), examples.meta("curation-api"))
    images = [examples.candidate_of(JobId(f"job{number}")) for number in (1, 2)]
    for number, image in enumerate(images, 1):
        about = {"run_id": RUN, "job_id": JobId(f"job{number}"), "step_order": 1}
        await log.append(examples.job_requested(number, None, **about), examples.meta("selector"))
        made = examples.image_produced(number, None, candidate_id=CandidateId(image), **about)
        await log.append(made, examples.meta("comfy-gateway"))
    vote = examples.vote_cast(images[0], images[1], Outcome.LEFT, run_id=RUN, vote_id=VoteId("first"), step_order=1)
    await log.append(vote, examples.meta("curation-api"))
    progress: list[RebuildProgress] = []
    await Rebuild(log, PostgresSite(url), _Nobody(), progress.append)()


async def exported(url: str, kind: PreferenceFormat) -> tuple[int, float, int]:
    """Rows, seconds, and the most bytes of memory on the way."""
    pool = await open_pool(url)
    file, rows, most = preference_file(kind), 0, 0
    export = ExportPreferencesHandler(PostgresRuns(pool), PostgresExports(pool))
    started = time.perf_counter()
    async for batch in export(WantedPreferences(up_to=EVERYTHING), None):
        file.add(batch)
        rows += len(batch)
        most = max(most, psutil.Process().memory_info().rss)
    file.end()
    await pool.close()
    return rows, time.perf_counter() - started, most


async def measure(votes: int) -> None:
    with TemporaryDirectory() as data, running_postgres(Path(data), durable=False) as postgres:
        await fill(postgres.url)
        few = votes // 10
        await add_votes(postgres.url, 1, few)
        for kind in PreferenceFormat:  # for what is imported once and kept
            await exported(postgres.url, kind)
        small = {kind: await exported(postgres.url, kind) for kind in PreferenceFormat}
        await add_votes(postgres.url, few + 1, votes)
        for kind in PreferenceFormat:
            rows, seconds, most = await exported(postgres.url, kind)
            print(f"{kind}_rows {rows}")
            print(f"{kind}_rows_per_second {rows / seconds:.0f}")
            print(f"{kind}_memory_ratio_for_ten_times_the_votes {most / small[kind][2]:.2f}")


async def add_votes(url: str, first: int, last: int) -> None:
    async with await psycopg.AsyncConnection.connect(url, options=f"-c search_path={LIVE_SCHEMA}") as connection:
        await connection.execute(MORE_VOTES, (first, last))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--votes", type=int, default=1_000_000)
    asyncio.run(measure(parser.parse_args().votes))


if __name__ == "__main__":
    main()
