"""A projection of the library `eventsourcing` as its documentation shows it: log and view in Postgres, one transaction
an event, commits that wait for the disk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.projection import Projection, ProjectionRunner

from carnival.contracts.catalogue import CATALOGUE
from carnival.contracts.envelope import Event
from carnival.contracts.ids import RunId
from measuring.peer_view import SCHEMA, PeerView
from projector.adapters.connecting import connect
from projector.adapters.migrations import create_indexes, create_schema
from projector.domain.fold import VERSION

SAVED_AT_ONCE: Final = 500
WAIT_SECONDS: Final = 1800.0


class Story(Aggregate):
    """All that happens in one run. An event bears one of ours as it stands in the log."""

    class Happened(Aggregate.Event):
        wire_name: str
        body: str


class ReadModel(Projection[PeerView]):
    name = "read_model"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        del domain_event
        self.view.insert_tracking(tracking)

    @process_event.register
    def _(self, domain_event: Story.Happened, tracking: Tracking) -> None:
        event = CATALOGUE[domain_event.wire_name].model_validate_json(domain_event.body)
        self.view.take(event, domain_event.timestamp, tracking)


class Stories(Application[UUID]):
    pass


async def peer_rate(database_url: str, events: Iterable[Event]) -> float:
    """Events a second that the projection takes from the library's log, into tables of the read model's own shape."""
    tables = await connect(database_url, SCHEMA)
    await create_schema(tables, SCHEMA, VERSION)
    await create_indexes(tables, SCHEMA)
    await tables.close()
    return await asyncio.to_thread(_rate, database_url, events)


def _rate(database_url: str, events: Iterable[Event]) -> float:
    place = urlsplit(database_url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": place.path.strip("/"),
        "POSTGRES_HOST": place.hostname or "",
        "POSTGRES_PORT": str(place.port),
        "POSTGRES_USER": place.username or "",
        "POSTGRES_PASSWORD": place.password or "-",
    }
    log = Stories(environment)
    for changed in _saved_together(events):
        log.save(*changed)
    last = log.recorder.max_notification_id()
    assert last is not None
    started = time.perf_counter()
    with ProjectionRunner(
        application_class=Stories, projection_class=ReadModel, view_class=PeerView, env=environment
    ) as runner:
        runner.wait(last, timeout=WAIT_SECONDS)
    seconds = time.perf_counter() - started
    log.close()
    return last / seconds


def _saved_together(events: Iterable[Event]) -> Iterator[list[Story]]:
    stories: dict[RunId | None, Story] = {}
    changed: dict[RunId | None, Story] = {}
    for number, event in enumerate(events, 1):
        run_id = getattr(event, "run_id", None)
        story = changed[run_id] = stories.setdefault(run_id, Story())
        story.trigger_event(Story.Happened, wire_name=event.wire_name, body=event.model_dump_json())
        if number % SAVED_AT_ONCE == 0:
            yield list(changed.values())
            changed = {}
    yield list(changed.values())
