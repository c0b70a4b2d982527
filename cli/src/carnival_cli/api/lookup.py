"""Finding a pipeline, a run or a step by what a person types: its id, the beginning of its id, or its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from carnival_cli.api.client import CarnivalApi
from carnival_cli.api.views.pipeline import PipelineSummary
from carnival_cli.api.views.run import Column, Run
from carnival_cli.exits import CommandFailed

T = TypeVar("T")

NAMED_MAX: Final = 8
ID_LENGTH: Final = 32
BEGINNING: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def find_pipeline(api: CarnivalApi, wanted: str) -> PipelineSummary:
    """Raises CommandFailed when none fits, or several do."""
    known = await api.pipelines.all()
    return pick("pipeline", wanted, known, lambda entry: entry.pipeline_id, lambda entry: entry.name)


async def find_run(api: CarnivalApi, wanted: str) -> Run:
    """Raises CommandFailed when none fits, or several do."""
    return pick("run", wanted, await api.runs.all(), lambda entry: entry.run_id, lambda entry: entry.name)


async def find_candidate(api: CarnivalApi, wanted: str) -> str:
    """The id of the one image whose id begins so; what is no beginning of any stays as it is, for the hub to refuse.
    Raises CommandFailed when several begin so."""
    if len(wanted) >= ID_LENGTH or not BEGINNING.fullmatch(wanted):
        return wanted
    found = await api.candidates.ids(wanted)
    if len(found) > 1 and wanted not in found:
        raise CommandFailed(f"Several images have an id that begins with {wanted!r}: {', '.join(found[:5])}")
    return found[0] if len(found) == 1 else wanted


def find_step(run: Run, wanted: str) -> Column:
    """A step of a run by its order or its name. Raises CommandFailed."""
    return pick("step", wanted, run.steps, lambda step: str(step.order), lambda step: step.name)


def typed_form(name: str) -> str:
    """A name as one word that no shell takes apart: what is no letter or digit becomes a hyphen."""
    return re.sub(r"[^\w.]+", "-", name).strip("-")


def pick(kind: str, wanted: str, entries: Sequence[T], id_of: Callable[[T], str], name_of: Callable[[T], str]) -> T:
    """The one entry of this id, else of this name, else of this name as one word, else of this beginning of an id.

    Raises CommandFailed.
    """
    for fits in (
        [entry for entry in entries if id_of(entry) == wanted],
        [entry for entry in entries if name_of(entry) == wanted],
        [entry for entry in entries if typed_form(name_of(entry)).casefold() == wanted.casefold()],
        [entry for entry in entries if id_of(entry).startswith(wanted)],
    ):
        if len(fits) == 1:
            return fits[0]
        if len(fits) > 1:
            ids = ", ".join(id_of(entry) for entry in fits[:5])
            raise CommandFailed(f"There are {len(fits)} {kind}s {wanted!r}; name one by its id: {ids}")
    raise CommandFailed(f"There is no {kind} {wanted!r}{_known([name_of(entry) for entry in entries])}.")


def begun(kind: str, wanted: str, entries: Sequence[T], id_of: Callable[[T], str]) -> T:
    """The one entry whose id begins so, for things without a name. Raises CommandFailed."""
    found = [entry for entry in entries if id_of(entry).startswith(wanted)]
    if len(found) != 1:
        raise CommandFailed(f"{len(found) or 'No'} {kind}s have an id that begins with {wanted!r}.")
    return found[0]


def _known(names: Sequence[str]) -> str:
    """What there is instead, where that is a short list."""
    if not 0 < len(names) <= NAMED_MAX:
        return ""
    return f"; there {'is' if len(names) == 1 else 'are'} {', '.join(repr(name) for name in names)}"
