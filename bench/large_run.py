"""What the pages ask for, on one run of 20,000 images with votes: each request over HTTP, against a bare `select 1`.

    python bench/large_run.py [--candidates 20000] [--votes 60000] [--repeats 40]

Prints one figure a line. Starts NATS and Postgres of its own and stops them; the API runs in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
from measuring.figures import at_most, plain
from measuring.large_tree import RUN, LargeTree
from psycopg import AsyncConnection

from carnival.log.connection import open_connection
from carnival.log.nats_log import NatsEventLog
from carnival.log.port import ATOMIC_BATCH_MAX
from carnival.log.stream import ensure_buckets, ensure_stream
from carnival_cli.servers.running import running_nats, running_postgres
from curation_api.main import assembled
from curation_api.settings import Settings
from projector.adapters.building_site import PostgresSite
from projector.adapters.notices import NatsNotices
from projector.application.rebuild import Rebuild

GOAL_MS: Final = 50.0

Call = Callable[[], Awaitable[Any]]


def pages(tree: LargeTree) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """What the pages ask for: name, path, query."""
    run = f"/api/runs/{RUN}"
    final, base = tree.newest(4), tree.oldest(1)
    return {
        "run": (run, {}),
        "run_list": ("/api/runs", {}),
        "tree_first_page": (f"{run}/tree", {"limit": 1000}),
        "tree_late_page": (f"{run}/tree", {"limit": 1000, "cursor": tree.middle}),
        "gallery": (f"{run}/gallery", {}),
        "gallery_of_rejected": (f"{run}/gallery", {"step": 4, "status": "rejected"}),
        "gallery_by_rating_range": (f"{run}/gallery", {"step": 2, "rating_min": 900, "rating_max": 1000}),
        "gallery_newest": (f"{run}/candidates", {"sort": "created"}),
        "gallery_deep": (f"{run}/candidates", {"cursor": f"1000_{tree.middle}"}),
        "gallery_everywhere": ("/api/candidates", {"text": "pier"}),
        "next_pair": (f"{run}/next-pair", {"voter": "ada"}),
        "next_pair_of_a_new_voter": (f"{run}/next-pair", {"voter": "zoe"}),
        "leaders": (f"{run}/leaders", {}),
        "lineage_of_a_final": (f"/api/candidates/{final}/lineage", {}),
        "lineage_of_a_base": (f"/api/candidates/{base}/lineage", {}),
        "branch_of_a_base": (f"/api/candidates/{base}/branch", {}),
        "votes": ("/api/votes", {"run_id": RUN}),
        "votes_of_an_image": ("/api/votes", {"candidate_id": base}),
        "jobs": (f"{run}/jobs", {}),
        "jobs_failed": (f"{run}/jobs", {"state": "failed"}),
        "decision": (f"{run}/jobs/{tree.last_job}/decision", {}),
        "analytics": ("/api/analytics", {"hours": 24, "gpu_hour_cost": 1.5}),
        "analytics_of_the_run": (f"{run}/analytics", {"hours": 24}),
        "events": (f"{run}/events", {}),
        "events_found_by_a_word": (f"{run}/events", {"text": "pier"}),
        "events_of_a_new_image": (f"/api/candidates/{final}/events", {}),
        "events_of_an_old_image": (
            f"/api/candidates/{base}/events",
            {"type": ["ImageProduced", "VoteCast", "CandidateRejected"]},
        ),
        "status": ("/api/status", {}),
    }


async def measured(call: Call, repeats: int) -> list[float]:
    """Milliseconds, sorted; the first call warms up and does not count."""
    await call()
    times: list[float] = []
    for _ in range(repeats):
        started = time.perf_counter()
        await call()
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)


async def fill(nats_url: str, database_url: str, tree: LargeTree) -> None:
    connection = await open_connection(nats_url, "bench")
    await ensure_stream(connection)
    await ensure_buckets(connection)
    log = NatsEventLog(connection)
    drafts = tree.drafts()
    while batch := list(islice(drafts, ATOMIC_BATCH_MAX)):
        await log.append_all(batch)
    await Rebuild(log, PostgresSite(database_url), NatsNotices(connection), lambda _: None)()
    await connection.close()


async def measure(options: argparse.Namespace) -> bool:
    tree = LargeTree(options.candidates, options.votes)
    async with AsyncExitStack() as stack:
        folder, data = (Path(stack.enter_context(TemporaryDirectory())) for _ in range(2))
        nats = stack.enter_context(running_nats(folder))
        postgres = stack.enter_context(running_postgres(data, durable=False))
        await fill(nats.url, postgres.url, tree)
        bare = await stack.enter_async_context(await AsyncConnection.connect(postgres.url, autocommit=True))
        baseline = median(await measured(lambda: bare.execute("select 1"), options.repeats))
        plain("select_1_median_ms", baseline)
        settings = {"nats_url": nats.url, "database_url": postgres.url, "image_root": str(folder), "api_auth": "off"}
        app = await stack.enter_async_context(assembled(Settings.model_validate(settings), works=False))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")
        await stack.enter_async_context(http)
        reached = [
            await _page(http, name, path, query, options.repeats, baseline)
            for name, (path, query) in pages(tree).items()
        ]
    return all(reached)


async def _page(
    http: httpx.AsyncClient, name: str, path: str, query: Mapping[str, Any], repeats: int, baseline: float
) -> bool:
    async def call() -> None:
        answer = await http.get(path, params=dict(query))
        answer.raise_for_status()

    times = await measured(call, repeats)
    plain(f"{name}_median_to_select_1", median(times) / baseline)
    plain(f"{name}_p95_ms", quantiles(times, n=20)[-1])
    return at_most(f"{name}_median_ms", median(times), GOAL_MS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=20_000)
    parser.add_argument("--votes", type=int, default=60_000)
    parser.add_argument("--repeats", type=int, default=40)
    return 0 if asyncio.run(measure(parser.parse_args())) else 1


if __name__ == "__main__":
    sys.exit(main())
