from __future__ import annotations

from opentelemetry.metrics import Observation

from carnival.telemetry.catalogue.projector import LAG
from carnival.telemetry.catalogue.several_services import READY
from carnival.telemetry.sampling import Samples, Sampling, Source


async def test_a_source_that_fails_shows_nothing_rather_than_what_was_true_once() -> None:
    answers = True

    async def lag() -> Samples:
        if not answers:
            raise ConnectionError("not connected to NATS")
        return {LAG: [Observation(4711)]}

    async def ready() -> Samples:
        return {READY: [Observation(1, {"check": "bus"})]}

    sampling = Sampling([Source("lag", (LAG,), lag), Source("ready", (READY,), ready)])
    await sampling.read()
    assert [sample.value for sample in sampling.shown(LAG)] == [4711]
    answers = False
    await sampling.read()
    assert list(sampling.shown(LAG)) == []
    assert [sample.value for sample in sampling.shown(READY)] == [1]
    answers = True
    await sampling.read()
    assert [sample.value for sample in sampling.shown(LAG)] == [4711]
