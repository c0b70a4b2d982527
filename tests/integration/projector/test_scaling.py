"""What the autoscaler asks the read model fits its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any, LiteralString, cast

import yaml
from integration.projector.projecting import project_all, rows, write
from unit.projector.histories import history

from carnival.testing.memory_log import MemoryEventLog

SCALING = Path(__file__).parents[3] / "deploy" / "k8s" / "gateway" / "scaling.yaml"


async def test_the_autoscaler_counts_the_jobs_of_its_pool_that_have_no_end(postgres_url: str) -> None:
    log = MemoryEventLog()
    await write(log, history(35, 200))
    await project_all(log, postgres_url)
    manifest = cast("dict[str, Any]", yaml.safe_load(SCALING.read_text()))
    query = cast("str", manifest["spec"]["triggers"][1]["metadata"]["query"])
    pools = await rows(
        postgres_url, "SELECT pool, count(*) FILTER (WHERE ended_at IS NULL) AS open FROM jobs GROUP BY 1"
    )
    assert sum(row["open"] for row in pools) > 0
    for row in pools:
        of_pool = cast("LiteralString", query.replace("'default'", f"'{row['pool']}'"))
        assert await rows(postgres_url, of_pool) == [{"count": row["open"]}]
