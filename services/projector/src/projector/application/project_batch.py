"""A batch of log entries becomes rows: load, apply, write, tell."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from carnival.contracts.envelope import LogEntry
from carnival.contracts.notices import Projected, VoidNotice
from carnival.contracts.subjects import run_of
from carnival.log.errors import LogGap
from carnival.telemetry.tracing import span
from projector.application.memory import Memory, MemoryLimits
from projector.application.needs import needs_of
from projector.application.ports import Checkpoint, Notices, Outcome, RowStore, Unwritable
from projector.application.take_entry import Fold, take, words
from projector.application.traces import causes_in, traces_into
from projector.domain import rating
from projector.domain.fold import apply
from projector.domain.read_model import ReadModel

_log = structlog.get_logger(__name__)


class TooManyParked(Exception):
    """So many events in a row cannot be used that something is wrong with this projector rather than with them."""


class _Unapplicable(Exception):
    """The fold stumbled over one entry."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Part:
    """Entries to be written together; with `reason` it is one entry, to be parked."""

    entries: Sequence[LogEntry]
    reason: str | None = None


class ProjectBatch:
    """Projects batches in order, from a checkpoint on. After an error of the store it is of no further use."""

    def __init__(
        self,
        rows: RowStore,
        notices: Notices,
        checkpoint: Checkpoint,
        limits: MemoryLimits,
        parked_in_a_row_max: int,
        fold: Fold = apply,
    ) -> None:
        self._fold = fold
        self._rows = rows
        self._notices = notices
        self._memory = Memory(limits)
        self._parked_in_a_row = checkpoint.parked_in_a_row
        self._parked_in_a_row_max = parked_in_a_row_max
        self.position = checkpoint.position

    async def __call__(self, entries: Sequence[LogEntry]) -> None:
        """Project `entries`, which follow directly behind `position`.

        What cannot be applied or written is found by splitting, parked, and the rest goes on. Raises TooManyParked,
        LogGap, AnotherProjector, StoreUnavailable.
        """
        parts = [_Part(entries)]
        while parts:
            part = parts.pop()
            try:
                size, position = len(part.entries), part.entries[-1].position
                with span("fold batch", links=traces_into(part.entries), events=size, position=position):
                    await self._project(part)
            except _Unapplicable as error:
                self._memory.drop_all()
                parts.extend(_around(part, error.index, error.reason))
            except Unwritable as error:
                self._memory.drop_all()
                parts.extend(_halves(part, words(error)))

    async def _project(self, part: _Part) -> None:
        model = self._memory.model
        if part.entries[0].position != self.position + 1:
            raise LogGap(f"entry {part.entries[0].position} came, but {self.position + 1} is next")
        await self._rows.load(needs_of(part.entries, model), model)
        outcome = self._apply(model, part)
        rating.settle(model)
        await self._rows.write(outcome)
        self.position = outcome.after
        for parked in outcome.parked:
            _log.error(
                "An event was parked",
                action="event_parked",
                position=parked.position,
                run_id=run_of(parked.subject),
                correlation_id=parked.headers.get("ce-correlationid"),
                reason=parked.reason,
            )
        voids = [VoidNotice(position=void.position, reason=void.reason) for void in model.changes.voids]
        self._memory.settle([run.run_id for run in model.changes.runs])
        await self._notices.projected(
            Projected(position=outcome.after, after=outcome.before, voids=tuple(voids), causes=causes_in(part.entries))
        )

    def _apply(self, model: ReadModel, part: _Part) -> Outcome:
        outcome = Outcome(self.position, part.entries[-1].position, model.changes)
        in_a_row = self._parked_in_a_row
        for index, entry in enumerate(part.entries):
            try:
                parked = take(model, entry, outcome, self._fold, part.reason)
            except Exception as error:
                trace = "".join(traceback.format_exception(error, limit=-5))
                _log.warning("The fold stumbled", action="fold_stumbled", position=entry.position, trace=trace)
                raise _Unapplicable(index, words(error)) from error
            in_a_row = in_a_row + 1 if parked else 0
            if in_a_row > self._parked_in_a_row_max:
                raise TooManyParked(f"more than {self._parked_in_a_row_max} events in a row, up to {entry.position}")
        self._parked_in_a_row = in_a_row
        return outcome


def _around(part: _Part, index: int, reason: str) -> list[_Part]:
    """What comes before the entry at `index`, that entry to be parked, and the rest; last in the list is done first."""
    before, there, behind = part.entries[:index], part.entries[index : index + 1], part.entries[index + 1 :]
    parts = [_Part(behind), _Part(there, reason), _Part(before)]
    return [smaller for smaller in parts if smaller.entries]


def _halves(part: _Part, reason: str) -> list[_Part]:
    if len(part.entries) == 1:
        if part.reason is not None:
            raise TooManyParked(f"entry {part.entries[0].position} can neither be written nor parked: {reason}")
        return [_Part(part.entries, reason)]
    middle = len(part.entries) // 2
    return [_Part(part.entries[middle:]), _Part(part.entries[:middle])]
