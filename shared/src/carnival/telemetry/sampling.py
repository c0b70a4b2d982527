"""Values that somebody has to ask for, asked for every few seconds.

Exporters collect in threads of their own; what they see was read in the event loop and does not change any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from opentelemetry.metrics import CallbackOptions, Observation

from carnival.concurrency import end_tasks
from carnival.telemetry.instruments import meter
from carnival.telemetry.metric import Kind, Metric

EVERY_SECONDS: Final = 5.0
READ_SECONDS_MAX: Final = 4.0

_log = structlog.get_logger(__name__)

Sample = Observation
"""A value and its labels."""
Samples = Mapping[Metric, Sequence[Sample]]


@dataclass(frozen=True, slots=True)
class Source:
    """`read` gives values of `metrics`; one that it leaves out has no value now. It may raise: then none has."""

    name: str
    metrics: tuple[Metric, ...]
    read: Callable[[], Awaitable[Samples]]


class Sampling:
    """Reads all sources again and again. A source that fails shows nothing rather than what was true once."""

    def __init__(self, sources: Sequence[Source], every_seconds: float = EVERY_SECONDS) -> None:
        self._sources = sources
        self._every_seconds = every_seconds
        self._seen: dict[str, Samples] = {}
        self._failing: set[str] = set()
        for metric in {metric for source in sources for metric in source.metrics}:
            _observe(metric, partial(self._observed, metric))

    async def run(self) -> None:
        """For ever; end it by cancelling."""
        while True:
            await self.read()
            await asyncio.sleep(self._every_seconds)

    async def read(self) -> None:
        """All sources once."""
        await asyncio.gather(*(self._read(source) for source in self._sources))

    def shown(self, metric: Metric) -> Sequence[Sample]:
        """What exporters see of it now."""
        return [sample for samples in self._seen.values() for sample in samples.get(metric, ())]

    async def _read(self, source: Source) -> None:
        try:
            async with asyncio.timeout(READ_SECONDS_MAX):
                self._seen[source.name] = await source.read()
        except Exception as error:
            self._seen.pop(source.name, None)
            if source.name not in self._failing:
                self._failing.add(source.name)
                words = str(error) or type(error).__name__
                _log.warning("Metrics cannot be read", action="metrics_unread", source=source.name, error=words)
        else:
            self._failing.discard(source.name)

    def _observed(self, metric: Metric, _: CallbackOptions) -> Iterable[Observation]:
        return self.shown(metric)


@asynccontextmanager
async def sampled(sources: Sequence[Source]) -> AsyncGenerator[None]:
    """The values of `sources` are kept new while the block runs."""
    task = asyncio.create_task(Sampling(sources).run(), name="sample-metrics")
    try:
        yield
    finally:
        await end_tasks([task])


def _observe(metric: Metric, callback: Callable[[CallbackOptions], Iterable[Observation]]) -> None:
    create = meter().create_observable_counter if metric.kind is Kind.COUNTER else meter().create_observable_gauge
    create(metric.name, [callback], metric.unit, metric.says)
