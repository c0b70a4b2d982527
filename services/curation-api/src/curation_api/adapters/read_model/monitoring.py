"""Figures about the whole from the read model."""

from __future__ import annotations

from dataclasses import dataclass

from carnival.contracts.ids import JobId
from curation_api.adapters.read_model.reading import Reading
from curation_api.application.views.monitoring import RunImages

RUNS_MAX = 200
SUBMITTED_MAX = 10_000
STATES = ("pending", "submitted", "completed", "failed", "cancelled", "lost")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCounts:
    void_events: int
    parked_events: int


class PostgresMonitoring(Reading):
    async def jobs_by_state(self) -> dict[str, int]:
        """Every state, also those without a job."""
        rows = await self.rows("jobs_by_state")
        return dict.fromkeys(STATES, 0) | {str(row["state"]): int(row["count"]) for row in rows}

    async def submitted(self) -> list[JobId]:
        """Jobs at a server, 10,000 at the most."""
        return [JobId(row["job_id"]) for row in await self.rows("submitted_jobs", limit=SUBMITTED_MAX)]

    async def run_images(self) -> list[RunImages]:
        """Images per run, newest 200 runs."""
        return await self.many("run_images", RunImages, limit=RUNS_MAX)

    async def log_counts(self) -> LogCounts:
        return await self.one("log_counts", LogCounts) or LogCounts(void_events=0, parked_events=0)
