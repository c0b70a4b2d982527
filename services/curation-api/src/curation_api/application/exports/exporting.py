"""What both exports go through: runs in the order of their creation, page by page.

Nothing is held between two pages, no transaction either: an export may take as long as its reader likes.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from carnival.contracts.ids import Position, RunId
from curation_api.application.known import known_run
from curation_api.application.ports import Runs
from curation_api.application.views.run import ColumnRow

RUNS_PER_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedRun:
    """What an export says about a run beside its steps."""

    run_id: RunId
    name: str
    prompt: str | None
    variables: dict[str, JsonValue]
    pipeline_name: str
    pipeline_version: int
    created_position: Position

    @property
    def caption(self) -> str:
        """The run's own prompt, else the variable of this name (SUB-8)."""
        return self.prompt if self.prompt is not None else str(self.variables.get("prompt", ""))

    def model(self, column: ColumnRow) -> str:
        """What makes the images of a step, by name."""
        return f"{self.pipeline_name}@{self.pipeline_version}/{column.slug}"


class RunPages(Protocol):
    async def runs(self, run_ids: Sequence[RunId] | None, *, after: Position, limit: int) -> Sequence[ExportedRun]:
        """Runs created behind a position, oldest first; those of `run_ids` only if it is given."""
        ...


async def check_runs(runs: Runs, run_ids: Sequence[RunId] | None) -> None:
    """Raises RunUnknown."""
    for run_id in run_ids or ():
        await known_run(runs, run_id)


async def every_run(pages: RunPages, run_ids: Sequence[RunId] | None) -> AsyncGenerator[ExportedRun]:
    """The runs of an export, oldest first."""
    after = Position(0)
    while page := await pages.runs(run_ids, after=after, limit=RUNS_PER_PAGE):
        for run in page:
            yield run
        after = page[-1].created_position
