"""Finding a pipeline or a run by what a person types: its id, the beginning of its id, or its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.views.pipeline import PipelineSummary
from carnival_cli.api.views.run import Run
from carnival_cli.exits import CommandFailed

T = TypeVar("T")


async def find_pipeline(api: CarnivalApi, wanted: str) -> PipelineSummary:
    """Raises CommandFailed when none fits, or several do."""
    known = await api.pipelines.all()
    return pick("pipeline", wanted, known, lambda entry: entry.pipeline_id, lambda entry: entry.name)


async def find_run(api: CarnivalApi, wanted: str) -> Run:
    """Raises CommandFailed when none fits, or several do."""
    return pick("run", wanted, await api.runs.all(), lambda entry: entry.run_id, lambda entry: entry.name)


def pick(kind: str, wanted: str, entries: Sequence[T], id_of: Callable[[T], str], name_of: Callable[[T], str]) -> T:
    """The one entry of this id, else of this name, else of this beginning of an id. Raises CommandFailed."""
    for fits in (
        [entry for entry in entries if id_of(entry) == wanted],
        [entry for entry in entries if name_of(entry) == wanted],
        [entry for entry in entries if id_of(entry).startswith(wanted)],
    ):
        if len(fits) == 1:
            return fits[0]
        if len(fits) > 1:
            ids = ", ".join(id_of(entry) for entry in fits[:5])
            raise CommandFailed(f"There are {len(fits)} {kind}s {wanted!r}; name one by its id: {ids}")
    raise CommandFailed(f"There is no {kind} {wanted!r}.")
