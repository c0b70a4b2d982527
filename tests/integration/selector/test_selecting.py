"""The selector on real servers: from the read model's rows to events in the log."""

from __future__ import annotations

from integration.selector.conftest import running_selector
from integration.selector.read_model import ReadModelRows

from carnival.contracts.envelope import Recorded
from carnival.contracts.job import JobRequested
from carnival.contracts.subjects import every_run
from carnival.log.nats_log import NatsEventLog
from carnival.testing import examples, until
from selector.settings import Settings


async def test_a_fresh_run_gets_its_first_base_image(
    rows: ReadModelRows, settings: Settings, event_log: NatsEventLog
) -> None:
    await event_log.append(examples.pipeline_defined(), examples.meta())
    await event_log.append(examples.run_started(), examples.meta())
    rows.pipeline(None, None, None)
    rows.run()
    rows.position(2)
    async with running_selector(settings):
        entry = await until(lambda: event_log.last_of(every_run(JobRequested, "default")))
    assert isinstance(entry, Recorded)
    assert isinstance(entry.event, JobRequested)
    assert entry.event.step_order == 1
